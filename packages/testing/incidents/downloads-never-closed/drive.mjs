const REGIONS = ['north', 'east', 'south', 'west'];

/** Most clients have seen enough after a moment. */
export async function drive(lab) {
  const region = () => REGIONS[Math.floor(lab.random() * REGIONS.length)];
  const leaving = lab.every(33, () => lab.request(`/export?region=${region()}`, { timeoutMs: 90 }));
  const staying = lab.every(300, () => lab.request(`/export?region=${region()}`));
  const watching = lab.every(1_500, () => lab.request('/progress'));
  await Promise.all([leaving, staying, watching]);
}
