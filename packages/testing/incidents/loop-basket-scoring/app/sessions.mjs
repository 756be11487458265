// Visitors by id: the oldest make room for new ones, idle ones are dropped by a timer.

export function createSessions({ capacity, idleMs }) {
  const sessions = new Map();
  setInterval(() => {
    const oldest = Date.now() - idleMs;
    for (const [id, { seenAt }] of sessions) if (seenAt < oldest) sessions.delete(id);
  }, 5_000).unref();
  return {
    touch(id) {
      const session = sessions.get(id) ?? { id, visits: 0, seenAt: 0 };
      sessions.delete(id);
      sessions.set(id, { ...session, visits: session.visits + 1, seenAt: Date.now() });
      if (sessions.size > capacity) sessions.delete(sessions.keys().next().value);
      return { id, visits: session.visits + 1 };
    },
  };
}
