import { indexBy, mean } from './figures.mjs';
import { readingsOf } from './tenants.mjs';

const LIMIT = 30;
const layouts = new Map();

function layoutOf(tenant) {
  const layout = layouts.get(tenant) ?? { tenant, tiles: 12, theme: tenant.length % 2 ? 'dark' : 'light' };
  layouts.set(tenant, layout);
  return layout;
}

export function dashboardOf(tenant) {
  const readings = readingsOf(tenant);
  const bySensor = indexBy(readings, 'sensor');
  const halls = Map.groupBy(readings, ({ hall }) => hall);
  const warm = readings.filter(({ value }) => value > LIMIT);
  return {
    layout: layoutOf(tenant),
    halls: [...halls].map(([hall, rows]) => ({ hall, mean: mean(rows.map(({ value }) => value)) })),
    warm: warm.map(({ sensor }) => valueIn(bySensor, sensor)),
  };
}

const valueIn = (index, sensor) => (index instanceof Map ? index.get(sensor) : index[sensor])?.value;
