// First file of a pooled thread for any actor: each loads its module.
import type { ActorStart } from '../hosts/actor-start.ts';
import { createPooledTask } from '../hosts/pooled-task.ts';

const task: (start: ActorStart) => Promise<void> = createPooledTask();
export default task;
