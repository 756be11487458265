// Sessions of customers, by name; the ones used longest ago give way.
const KEPT = 2_000;

const sessions = new Map();

export function sessionOf(customer) {
  const session = sessions.get(customer) ?? { customer, asked: 0, lastPremium: undefined };
  sessions.delete(customer);
  sessions.set(customer, session);
  if (sessions.size > KEPT) sessions.delete(sessions.keys().next().value);
  session.asked += 1;
  return session;
}

export const sessionCount = () => sessions.size;
