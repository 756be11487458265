// What a guest has had, for the invoice. The lines come page by page, in one session.
import { sessions } from './sessions.mjs';

const MAX_PAGES = 3;

export async function statementOf(guest) {
  const session = await sessions.acquire();
  const { lines, pages } = await session.ask(`/lines?guest=${guest}&page=0`);
  if (lines.length === 0) return { guest, lines, cents: 0 };
  for (let page = 1; page < Math.min(pages, MAX_PAGES); page += 1) {
    const more = await session.ask(`/lines?guest=${guest}&page=${page}`);
    lines.push(...more.lines);
  }
  sessions.release(session);
  return { guest, lines, cents: lines.reduce((sum, { cents }) => sum + cents, 0) };
}
