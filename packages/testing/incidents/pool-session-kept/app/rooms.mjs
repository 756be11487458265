// Rooms that are free in a night; asked again after a moment, for they go fast before the holidays.
import { sessions } from './sessions.mjs';

export const freeRooms = (night) =>
  sessions.use(async (session) => {
    const { rooms } = await session.ask(`/rooms?night=${night}`);
    return rooms.filter(({ isFree }) => isFree).map(({ number, cents }) => ({ number, price: cents / 100 }));
  });
