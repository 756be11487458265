const KINDS = ['view', 'click', 'search', 'order', 'return'];
const BATCH = 700;

export async function drive(lab) {
  let sent = 0;
  const events = () =>
    Array.from({ length: BATCH }, () => {
      sent += 1;
      const kind = KINDS[sent % KINDS.length];
      return {
        id: `sender-${sent % 90}/2026/${kind}/${sent.toString(36).padStart(24, '0')}`,
        kind,
        value: 1,
      };
    });
  const sending = lab.every(28, () => lab.request('/events', { method: 'POST', body: { events: events() } }));
  const watching = lab.every(1_000, () => lab.request('/totals'));
  await Promise.all([sending, watching]);
}
