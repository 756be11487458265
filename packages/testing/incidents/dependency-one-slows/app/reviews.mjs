// Reviews change once a day: kept for a while, for so many cities.
import { fetchReviews } from './partners.mjs';

const KEPT_MS = 400;
const MAX_CITIES = 50;
const kept = new Map();

export async function reviewsOf(city) {
  const known = kept.get(city);
  if (known !== undefined && Date.now() - known.at < KEPT_MS) return known.reviews;
  const reviews = await fetchReviews(city);
  if (kept.size >= MAX_CITIES) kept.delete(kept.keys().next().value);
  kept.delete(city);
  kept.set(city, { at: Date.now(), reviews });
  return reviews;
}
