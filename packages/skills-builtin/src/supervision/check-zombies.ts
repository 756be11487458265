// The check `supervision.zombies`: children that are dead and that nobody reaps. Pure.
import type { Check, Conclusion, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, textOf } from '../evidence.ts';
import { figure } from '../wording.ts';

/** Node reaps its own children when its loop turns: what stays longer than any stall is not its own. */
const STAYS_MS = 10_000;
/** Each takes one of the pids that the container or user may have. */
const MANY = 50;
const TOLD = 3;

export const zombies: Check = {
  id: 'supervision.zombies',
  when: (snapshot) =>
    numberOf(snapshot.oldestZombieMs) < STAYS_MS ? undefined : { zombies: numberOf(snapshot.zombies) },
  investigate: 'return { zombies: await supervision_zombies() };',
  conclude: (evidence) => conclude(evidence),
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const seen = objectOf(objectOf(evidence).zombies);
  const staying = listOf(seen.zombies).filter(({ seenForMs }) => numberOf(seenForMs) >= STAYS_MS);
  const [oldest] = staying;
  // A main that does not turn its loop cannot reap: that is its own finding.
  if (oldest === undefined || numberOf(seen.mainBlockedMs) > 0) return undefined;
  const names = [...new Set(staying.map(({ name }) => textOf(name)))];
  const isAdopted = staying.every(({ isKnown }) => isKnown !== true);
  return {
    severity: staying.length >= MANY ? 'warning' : 'info',
    context: `${figure(staying.length)} child ${staying.length === 1 ? 'process is' : 'processes are'} dead and not reaped: ${names.slice(0, TOLD).join(', ')}.`,
    observation: `The oldest has stayed for ${figure(numberOf(oldest.seenForMs) / 1_000)} s while the main thread turned its loop.${isAdopted ? ' None of them was started by the main thread of this process since Nodelens was attached.' : ''}${seen.isInit === true ? ' This process is pid 1, to which orphans are given.' : ''}`,
    hypothesis: isAdopted
      ? 'They were started by another process, or before this one took its place (exec), and given to this one, which does not know them: an init (docker run --init, tini) reaps such children.'
      : 'Something keeps Node.js from hearing of their end, such as a native addon that handles SIGCHLD.',
    subjects: staying.slice(0, TOLD).map((zombie) => ({
      kind: 'process',
      name: `${textOf(zombie.name)} (pid ${numberOf(zombie.pid)})`,
      value: Math.round(numberOf(zombie.seenForMs) / 1_000),
      unit: 's',
    })),
  };
}
