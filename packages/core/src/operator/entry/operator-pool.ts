// First file of a pooled thread for operators: brings their module along, so that a thread loads one file and not a second
// one when its first operator is there.
import type { ActorStart } from '../../actor/hosts/actor-start.ts';
import { createPooledTask } from '../../actor/hosts/pooled-task.ts';
import { workerUrl } from '../../worker-url.ts';
import { createOperator } from '../operator.ts';

const OPERATOR = workerUrl('../operator', import.meta.url).href;
const task: (start: ActorStart) => Promise<void> = createPooledTask(
  new Map([[OPERATOR, { createOperator }]]),
);
export default task;
