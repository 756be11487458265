// Puts a trip together: all partners are asked at the same time.
import { events, fares, forecast, rooms } from './partners.mjs';
import { cheapest, withTax } from './prices.mjs';
import { reviewsOf } from './reviews.mjs';

export async function planTrip(city) {
  const [weather, offers, beds, concerts, reviews] = await Promise.all([
    forecast(city),
    fares(city, 2),
    rooms(city),
    events(city),
    reviewsOf(city),
  ]);
  return {
    city,
    weather: weather.summary,
    travel: withTax(cheapest(offers.items)),
    room: withTax(cheapest(beds.items)),
    events: concerts.items.slice(0, 3),
    rating: reviews.rating,
  };
}

/** The price alone, for the teaser. */
export async function quote(city) {
  const beds = await rooms(city);
  return { city, from: withTax(cheapest(beds.items)) };
}
