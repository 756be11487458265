// Tickets by number, with the sums of what is attached to them.
const KEPT = 300;
const SHOWN = 20;

export function createTickets() {
  const kept = new Map();
  return {
    attach(id, attachment) {
      const ticket = kept.get(id) ?? { id, attachments: [] };
      kept.delete(id);
      kept.set(id, { id, attachments: [...ticket.attachments, attachment].slice(-10) });
      if (kept.size > KEPT) kept.delete(kept.keys().next().value);
    },
    latest: () => [...kept.values()].slice(-SHOWN),
  };
}
