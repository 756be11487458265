// How often somebody has tried lately.

export function createAttempts({ allowed, windowMs }) {
  const counts = new Map();
  setInterval(() => counts.clear(), windowMs).unref();
  return {
    allow(mail) {
      const count = (counts.get(mail) ?? 0) + 1;
      counts.set(mail, count);
      return count <= allowed;
    },
    forget: (mail) => counts.delete(mail),
  };
}
