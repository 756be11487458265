const BYTES = 150_000;

export async function drive(lab) {
  const rest = 'abcdefghij'.repeat(BYTES / 10);
  let sent = 0;
  const sending = lab.every(30, () => {
    sent += 1;
    const body = `file ${sent} of ${lab.random()}\n${rest}`;
    return lab.request(`/uploads?name=file-${sent}`, { method: 'POST', body });
  });
  const looking = lab.every(700, () => lab.request('/stored'));
  await Promise.all([sending, looking]);
}
