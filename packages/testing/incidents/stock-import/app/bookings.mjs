import { mergeDelivery } from './deliveries.mjs';

const MAX_BOOKINGS = 50;
const bookings = [];

export async function bookIn(supplier, lines) {
  const merged = await mergeDelivery(lines);
  const booking = { supplier, lines: lines.length, merged, at: new Date().toISOString() };
  bookings.push(booking);
  if (bookings.length > MAX_BOOKINGS) bookings.shift();
  console.log(`booked in ${merged} lines of ${supplier}`);
  return booking;
}

export const lastBookings = () => bookings.toReversed();
