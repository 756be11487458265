const QUOTE_MS = 220;
const ZONES = 48;

export async function cost(app) {
  const { ZoneMap } = await app('compiled/zones.js');
  const zones = ZoneMap.ofCity(ZONES);
  let count = 0;
  return () => zones.closest({ x: (count++ % 48) + 0.3, y: 17.2 });
}

/** A city so large that the zone of an address takes hundreds of ms. */
export async function prepare(lab) {
  lab.env.ZONES = String(Math.max(ZONES, Math.round((ZONES * QUOTE_MS) / (await lab.costMs()))));
}

/** Ten quotes a second for addresses all over the city, most of them asked before. */
export async function drive(lab) {
  const usual = Array.from({ length: 40 }, () => addressOf(lab));
  let count = 0;
  await lab.every(100, () => {
    count += 1;
    if (count % 20 === 0) return lab.request('/zones');
    const at = count % 5 > 0 ? usual[count % usual.length] : addressOf(lab);
    const body = JSON.stringify({
      ...at,
      parcel: { grams: 500 * (1 + (count % 4)), express: count % 5 === 0 },
    });
    return lab.request('/quotes', { method: 'POST', body });
  });
}

const addressOf = ({ random }) => ({
  x: Math.round(random() * 4_800) / 100,
  y: Math.round(random() * 3_600) / 100,
});
