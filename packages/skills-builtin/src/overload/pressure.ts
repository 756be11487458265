// Gathers what the ranking of bottlenecks and the snapshot look at.
import type { Pressure } from './bottleneck.ts';
import { lengthOf, loadFigures, loopFigures, threadpoolFigures } from './figures.ts';
import { UNSENT } from './queue-names.ts';
import type { Queues } from './queues.ts';

export const pressureOf = (queues: Queues): Pressure => ({
  loop: loopFigures(queues),
  threadpool: threadpoolFigures(queues),
  load: loadFigures(queues),
  notSent: lengthOf(queues, UNSENT.name) ?? 0,
  accept: queues.accept.queues() ?? [],
  sockets: queues.sockets.last(),
});
