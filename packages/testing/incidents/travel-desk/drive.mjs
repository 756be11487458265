const CURRENCIES = ['EUR', 'CZK', 'PLN', 'CHF'];

export async function prepare(lab) {
  const startedAt = Date.now();
  const isTired = () => !lab.isHealthy && Date.now() - startedAt > 8_000;
  const rates = await lab.serve((_request, response) => {
    const ms = isTired() ? 1_700 + lab.random() * 600 : 15 + lab.random() * 20;
    setTimeout(() => response.end(JSON.stringify({ rate: 1 + lab.random() })), ms);
  });
  const hotels = await lab.serve((_request, response) => {
    setTimeout(() => response.end(JSON.stringify({ hotels: ['Zur Post', 'Adler'] })), 20 + lab.random() * 20);
  });
  lab.env.RATES_URL = rates.url;
  lab.env.HOTELS_URL = hotels.url;
  lab.names.rates = rates.address;
  lab.names.hotels = hotels.address;
}

/** Twenty-four itineraries, twelve prices and six hotel searches a second. */
export async function drive(lab) {
  let count = 0;
  const tripOf = () => Math.floor(lab.random() * 5_000).toString(36);
  await Promise.all([
    lab.every(42, () => {
      count += 1;
      return lab.request(`/itineraries/${tripOf()}?session=s${count}`);
    }),
    lab.every(83, () => lab.request(`/prices/${tripOf()}?currency=${CURRENCIES[count % CURRENCIES.length]}`)),
    lab.every(160, () => lab.request(`/hotels/${tripOf()}`)),
  ]);
}
