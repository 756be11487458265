export async function drive(lab) {
  const reading = lab.every(20, () => lab.request(`/page?id=${1 + Math.floor(lab.random() * 60_000)}`));
  const searching = lab.every(60, () => lab.request('/search?q=lorem+part'));
  await Promise.all([reading, searching]);
}
