import { inspect } from 'node:util';
import { tariffs } from './carriers.mjs';
import { createLogger } from './log.mjs';
import { distance, isRemote } from './zones.mjs';

const log = createLogger('tariffs');

/** The cheapest tariff of each service for a parcel. */
export function cheapest({ from, to, weightKg }) {
  const zones = distance(from, to);
  const remote = isRemote(to);
  const best = new Map();
  for (const tariff of tariffs) {
    const isPossible = tariff.upToKg >= weightKg && (!remote || tariff.servesRemote);
    const price = tariff.base + tariff.perZone * zones;
    log.debug('tariff considered', { tariff: inspect(tariff), isPossible, price });
    if (!isPossible) continue;
    const known = best.get(tariff.service);
    if (known === undefined || price < known.price)
      best.set(tariff.service, { service: tariff.service, carrier: tariff.carrier, price });
  }
  return [...best.values()].sort((a, b) => a.price - b.price);
}
