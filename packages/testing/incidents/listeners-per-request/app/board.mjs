import { EventEmitter } from 'node:events';

const TEAMS = 120;

/** Every open page listens. */
export const board = new EventEmitter();
board.setMaxListeners(0);

const scores = new Map(Array.from({ length: TEAMS }, (_, id) => [`team-${id}`, { points: 0, games: 0 }]));

export const standings = () =>
  [...scores]
    .map(([team, { points, games }]) => ({ team, points, games }))
    .sort((a, b) => b.points - a.points);

setInterval(() => {
  const team = `team-${Math.floor(Math.random() * TEAMS)}`;
  const score = scores.get(team);
  score.points += 3;
  score.games += 1;
  board.emit('change', { team, ...score });
}, 1_000).unref();
