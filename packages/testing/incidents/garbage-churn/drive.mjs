export async function drive(lab) {
  const looking = lab.every(25, () =>
    lab.request(`/dashboard?tenant=tenant-${1 + Math.floor(lab.random() * 40)}`),
  );
  const listing = lab.every(500, () => lab.request('/tenants'));
  await Promise.all([looking, listing]);
}
