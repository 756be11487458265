import { standings } from './board.mjs';
import { favouritesOf } from './fans.mjs';

/** What one fan sees: the table with texts in the fan's language, favourites first. */
export function viewFor(fan) {
  const favourites = favouritesOf(fan);
  const rows = standings().map(({ team, points, games }, index) => ({
    team,
    points,
    games,
    place: index + 1,
    isFavourite: favourites.has(team),
    label: `${index + 1}. ${team} with ${points} points of ${games} games`,
    history: Array.from({ length: 12 }, (_, round) => ({ round, points: Math.max(0, points - round) })),
  }));
  rows.sort((a, b) => Number(b.isFavourite) - Number(a.isFavourite) || a.place - b.place);
  return { fan, rows, seenAt: Date.now() };
}

export function applyChange(view, { team, points, games }) {
  const row = view.rows.find((one) => one.team === team);
  if (row === undefined) return false;
  Object.assign(row, { points, games });
  return true;
}
