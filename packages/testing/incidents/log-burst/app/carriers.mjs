const NAMES = [
  'Northway',
  'Postline',
  'Kestrel',
  'Overland',
  'Parcelhub',
  'Blueline',
  'Swift & Co',
  'Ferrow',
];
const SERVICES = ['economy', 'standard', 'express', 'morning', 'evening', 'saturday', 'locker', 'signed'];
const WEIGHTS = [0.5, 1, 2, 5, 10, 20, 31.5];

/** The price list: every carrier has a price for each of its services and weights. */
export const tariffs = NAMES.flatMap((carrier, c) =>
  SERVICES.flatMap((service, s) =>
    WEIGHTS.map((upToKg, w) => ({
      id: `${c}${s}${w}`,
      carrier,
      service,
      upToKg,
      base: 2.9 + c * 0.35 + s * 0.8 + w * 1.15,
      perZone: 0.4 + ((c + s) % 5) * 0.15,
      servesRemote: (c + s) % 3 !== 0,
    })),
  ),
);
