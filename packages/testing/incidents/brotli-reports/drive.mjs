// Dashboards ask for figures; every now and then somebody downloads a report.

export async function drive(lab) {
  const headers = { 'accept-encoding': 'gzip, deflate, br' };
  const figures = lab.every(50, () => lab.request('/figures', { headers }));
  const reports = lab.every(1_500, () =>
    lab.request(`/reports/${Math.floor(lab.random() * 60)}`, { headers }),
  );
  await Promise.all([figures, reports]);
}
