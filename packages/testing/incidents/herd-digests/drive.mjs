// Tenants write notes and read notes and digests, evenly over time.

/** All digests together take about a second here. A digest compares each note with each other. */
export function prepare(lab) {
  lab.env.NOTES_OF_A_TENANT = String(Math.round(480 * Math.sqrt(lab.speed)));
}

export async function drive(lab) {
  const tenant = () => `tenant-${1 + Math.floor(lab.random() * 48)}`;
  const reading = lab.every(50, () => lab.request(`/notes/${tenant()}`));
  const digests = lab.every(200, () => lab.request(`/digests/${tenant()}`));
  const writing = lab.every(150, () =>
    lab.request(`/notes/${tenant()}`, {
      method: 'POST',
      body: 'customer asks again, parcel missing at the gate',
    }),
  );
  await Promise.all([reading, digests, writing]);
}
