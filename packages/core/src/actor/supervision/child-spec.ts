// How a child is started, restarted and stopped, as data: it can be printed, moved and started again.
import type { JsonObject } from '../../json.ts';
import type { ServiceName } from '../hosts/services.ts';

export type RestartType =
  /** Always restarted. */
  | 'permanent'
  /** Restarted after a failure only. */
  | 'transient'
  /** Never restarted. */
  | 'temporary';

export type OverflowPolicy =
  /** The new message is refused: an ask rejects with `mailbox_full`, a tell becomes a dead letter. */
  | 'reject'
  /** The oldest waiting user message makes room: an ask rejects with `mailbox_full`, a tell becomes a dead letter. */
  | 'drop-oldest'
  /** The newest waiting user message makes room, in the same way. */
  | 'drop-newest';

export interface ChildSpec {
  /** Unique among its siblings. */
  readonly id: string;
  /** URL of the module and the name of its export, an ActorModule. */
  readonly module: string;
  readonly exportName: string;
  readonly input: JsonObject;
  readonly restart: RestartType;
  /** Ports that its host gets for it; they appear in `context.ports` under these names. */
  readonly services?: readonly ServiceName[];
  /** How long a stop may take before the child is killed, in ms. Default 5,000. */
  readonly shutdownMs?: number;
  /** How long the start may take, in ms. Default 10,000. */
  readonly startMs?: number;
  /** User messages (tells and asks) that may wait, at least 1; control overtakes them and is not counted. Default 1,000. */
  readonly mailboxCapacity?: number;
  /** What happens to a user message when so many wait. Default `reject`. */
  readonly overflow?: OverflowPolicy;
  /** `thread`: one of its own; `pool`: a pooled thread that is given back at the end; `local`: the host's thread. */
  readonly placement: 'local' | 'thread' | 'pool';
  /** Heap and external memory of its thread at which it is killed, in MB; unused for `local`. Default 128. */
  readonly memoryMb?: number;
  /** Missed for this long, the heartbeat of its thread counts as death, in ms. Default 5,000. */
  readonly heartbeatTimeoutMs?: number;
  /**
   * CPU that its thread may use over a while, as a share of one core; unused for `local`. Above it the thread is slowed
   * down, and killed (`cpu-limit`) when that does not help. Default 0.5.
   */
  readonly maxCpuShare?: number;
  /** For `pool`: who asked for it. Callers that wait take turns. Default: its own id. */
  readonly caller?: string;
  /** For `pool`: how long it may wait for a thread, in ms; then `actor_queue_deadline`. Default: for ever. */
  readonly queueMs?: number;
}
