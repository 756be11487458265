/** Customers open the page of their delivery, look once or twice, and leave within seconds. */
export async function drive(lab) {
  async function look() {
    const { status, text } = await lab.request('/trackings', { method: 'POST' });
    if (status !== 201) return;
    const { id } = JSON.parse(text);
    await lab.wait(500 + 1_500 * lab.random());
    await lab.request(`/trackings/${id}`);
    await lab.wait(500);
    await lab.request(`/trackings/${id}`, { method: 'DELETE' });
  }
  lab.every(1_000, () => lab.request('/fleet'));
  await lab.every(30, look);
}
