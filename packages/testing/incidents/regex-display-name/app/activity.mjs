// Who has been here within the last half minute.

const WINDOW_MS = 30_000;

export function createActivity() {
  const seenAt = new Map();
  setInterval(() => {
    for (const [id, at] of seenAt) if (at < Date.now() - WINDOW_MS) seenAt.delete(id);
  }, 2_000).unref();
  return {
    seen: (id) => seenAt.set(id, Date.now()),
    online: () => ({ members: seenAt.size }),
  };
}
