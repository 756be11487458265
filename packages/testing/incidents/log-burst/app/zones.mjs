// Postal codes by zone: the first digit is the region, distance is counted in regions.
const REMOTE = new Set(['07', '27', '88', '99']);

export const zoneOf = (postcode) => Number(postcode[0]);

export const distance = (from, to) => Math.abs(zoneOf(from) - zoneOf(to));

export const isRemote = (postcode) => REMOTE.has(postcode.slice(0, 2));
