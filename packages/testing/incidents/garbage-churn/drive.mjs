const BUSY_SHARE = 0.65;

export async function cost(app) {
  const { dashboardOf } = await app('dashboards.mjs');
  return () => dashboardOf('tenant-3');
}

/** As many dashboards as fill that share of a core. */
export async function drive(lab) {
  const everyMs = Math.min(25, (await lab.costMs()) / BUSY_SHARE);
  const looking = lab.every(everyMs, () =>
    lab.request(`/dashboard?tenant=tenant-${1 + Math.floor(lab.random() * 40)}`),
  );
  const listing = lab.every(500, () => lab.request('/tenants'));
  await Promise.all([looking, listing]);
}
