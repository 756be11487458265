// The carriers that labels are made for.
const CARRIERS = new Map(
  [
    { name: 'post', prefix: 'JD', width: 100 },
    { name: 'express', prefix: 'EX', width: 120 },
    { name: 'pallet', prefix: 'PL', width: 210 },
  ].map((carrier) => [carrier.name, carrier]),
);

export const carriers = () => [...CARRIERS.values()];

export function carrierOf(name) {
  const carrier = CARRIERS.get(name);
  if (carrier === undefined) throw new Error(`there is no carrier ${name}`);
  return carrier;
}
