// What the black box of an earlier life of this service tells: a process that ended without a word, and of what.
import type { Subject } from '../../skill.ts';
import type { Stall, VitalsSample } from '../context.ts';

export type EndOfLife =
  /** Main was blocked when the process was last seen: a liveness probe, a watchdog or a person killed it. */
  | 'blocked'
  /** The memory of the container or machine was used up: the kernel killed it. */
  | 'out-of-memory'
  /** V8's heap was full: Node ended itself. */
  | 'heap-limit'
  /** It was well when it was last seen: killed from outside (a deployment, say), or the machine went down. */
  | 'killed';

export interface PreviousLife {
  readonly pid: number;
  readonly hostname: string;
  /** Its main script: services may share a folder. */
  readonly service: string;
  /** ISO-8601 UTC, as all times here. */
  readonly startedAt: string;
  /** The last time that the recorder wrote; the end came within a moment. */
  readonly lastSeenAt: string;
  readonly end: EndOfLife;
  /** What happened, by name, in a sentence or two. */
  readonly summary: string;
  /** What it died of: the blocking function, the memory that grew. */
  readonly subjects: readonly Subject[];
  /** The stall that was going on, with its stack. */
  readonly stall?: Stall;
  /** Newest first, the last minutes; the longest ones. */
  readonly stalls: readonly Stall[];
  /** Newest first, the last minutes. */
  readonly vitals: readonly VitalsSample[];
}
