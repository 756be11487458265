const TENANTS = 40;
const SENSORS = 420;

const names = Array.from({ length: TENANTS }, (_, id) => `tenant-${id + 1}`);

export const tenants = () => names;

/** The newest reading of each sensor. */
export function readingsOf(tenant) {
  const seed = tenant.length + Number(tenant.split('-')[1] ?? 0);
  return Array.from({ length: SENSORS }, (_, id) => ({
    sensor: `${tenant}/hall-${id % 12}/sensor-${id}`,
    hall: id % 12,
    value: 15 + ((seed * 31 + id * 17) % 200) / 10,
    at: Date.now() - ((id * 997) % 60_000),
  }));
}
