// A booking is two steps in the same session: the room is held, then confirmed.
import { log } from './log.mjs';
import { sessions } from './sessions.mjs';

export async function book({ guest, room }) {
  const session = await sessions.acquire();
  try {
    const { hold } = await session.ask(`/holds?room=${room}`);
    const { number } = await session.ask(`/confirmations?hold=${hold}`);
    log.info('booked', number, 'for', guest);
    return { number, guest, room };
  } finally {
    sessions.release(session);
  }
}
