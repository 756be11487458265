import { legsOf } from './legs.mjs';

const MAX_ITINERARIES = 120;
const itineraries = new Map();

/** With the choices of the session, so that a traveller who comes back finds them. */
export function itineraryFor(trip, session) {
  const key = `${session}/${trip}`;
  const known = itineraries.get(key);
  if (known !== undefined) return summaryOf(known);
  const itinerary = { trip, session, legs: legsOf(trip), choices: [] };
  itineraries.set(key, itinerary);
  if (itineraries.size > MAX_ITINERARIES) itineraries.delete(itineraries.keys().next().value);
  return summaryOf(itinerary);
}

const summaryOf = ({ trip, legs }) => ({
  trip,
  legs: legs.length,
  minutes: legs.reduce((sum, { minutes }) => sum + minutes, 0),
});
