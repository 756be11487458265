const MAX_SESSIONS = 500;
const TTL_MS = 60_000;
const sessions = new Map();

export function sessionOf(customer) {
  const known = sessions.get(customer);
  const session = known ?? { customer, currency: customer.length % 2 ? 'EUR' : 'USD', discount: 0.03 };
  sessions.delete(customer);
  sessions.set(customer, { ...session, usedAt: Date.now() });
  if (sessions.size > MAX_SESSIONS) sessions.delete(sessions.keys().next().value);
  return session;
}

setInterval(() => {
  const oldest = Date.now() - TTL_MS;
  for (const [customer, { usedAt }] of sessions) if (usedAt < oldest) sessions.delete(customer);
}, 5_000).unref();
