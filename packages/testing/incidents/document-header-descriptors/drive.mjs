/** People look through the inbox; most of it are scans. */
export async function drive(lab) {
  const pick = (prefix, extension) => `${prefix}-${1000 + Math.floor(lab.random() * 60)}.${extension}`;
  lab.every(28, () => lab.request(`/documents/${pick('scan', 'tif')}`));
  lab.every(120, () => lab.request(`/documents/${pick('invoice', 'pdf')}`));
  lab.every(150, () => lab.request(`/documents/${pick('photo', 'png')}`));
  await lab.every(1_000, () => lab.request('/documents'));
}
