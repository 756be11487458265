const CARRIERS = ['nordpost', 'blitz', 'kurier', 'seaway'];

export const carrierOf = (id) => ({ id, carrier: CARRIERS[id % CARRIERS.length] });

/** As the shop hands it over: every item with its customs data. */
export function parcelOf(id) {
  return {
    id,
    carrier: CARRIERS[id % CARRIERS.length],
    address: { name: `Customer ${id}`, street: `Hauptstrasse ${id % 200}`, city: 'Graz', country: 'AT' },
    items: Array.from({ length: 60 }, (_, item) => ({
      sku: `SKU-${(id * 31 + item) % 9_000}`,
      description: `item ${item} of parcel ${id}, as the shop describes it`,
      origin: item % 2 === 0 ? 'DE' : 'CZ',
      tariff: `8471${String((id + item) % 10_000).padStart(4, '0')}`,
      grams: 120 + ((id + item) % 800),
      cents: 499 + ((id * item) % 5_000),
    })),
  };
}
