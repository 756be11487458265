export async function drive(lab) {
  const looking = lab.every(28, () => lab.request(`/board?fan=fan-${Math.floor(lab.random() * 400)}`));
  const listing = lab.every(250, () => lab.request('/standings'));
  await Promise.all([looking, listing]);
}
