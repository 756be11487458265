import { getJson } from './client.mjs';

const BASE_EUR = 39;

export async function priceIn(trip, currency) {
  const { rate } = await getJson(`${process.env.RATES_URL}/rates/${currency}`);
  const eur = BASE_EUR + (Number.parseInt(trip, 36) % 200);
  return { trip, currency, amount: Math.round(eur * rate * 100) / 100 };
}
