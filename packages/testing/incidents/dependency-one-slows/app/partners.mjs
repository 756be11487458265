// The partners whose offers make up a trip.
import { getJson } from './get-json.mjs';

const { WEATHER_URL, FARES_URL, ROOMS_URL, EVENTS_URL, REVIEWS_URL } = process.env;

export const forecast = (city) => getJson(WEATHER_URL, `/forecast?city=${city}`);
export const fares = (city, seats) => getJson(FARES_URL, `/fares?to=${city}&seats=${seats}`);
export const rooms = (city) => getJson(ROOMS_URL, `/rooms?city=${city}`);
export const fetchReviews = (city) => getJson(REVIEWS_URL, `/reviews?city=${city}`);

/** Nobody misses a trip for want of a concert. */
export async function events(city) {
  try {
    return await getJson(EVENTS_URL, `/events?city=${city}`, { timeoutMs: 1_500 });
  } catch {
    return { items: [] };
  }
}
