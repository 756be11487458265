// What a life leaves in the black box, as data: who it was, and what was known of it when it was last seen.
import type { CodeLocation, Stall, VitalsSample } from '../context.ts';

/** A process, told apart from all others that may have its pid. */
export interface LifeIdentity {
  readonly hostname: string;
  /** Of the kernel: a pid of another boot is nobody's. Empty where unknown. */
  readonly bootId: string;
  /** In another namespace the pid means somebody else. Empty where unknown. */
  readonly pidNamespace: string;
  readonly pid: number;
  /** When the process started, as the kernel counts it. Empty where unknown. */
  readonly startTicks: string;
}

export interface Life extends LifeIdentity {
  /** The main script, so that services which share a folder are told apart. */
  readonly service: string;
  readonly startedAtMs: number;
}

/** A function that main was seen in before a call whose caller cannot be known yet. */
export interface Suspect {
  readonly location: CodeLocation;
  /** What of Node's own it called: `pbkdf2Sync (node:crypto)`. */
  readonly nodeCall?: string;
  readonly samples: number;
  readonly ofSamples: number;
}

/** Collections of the last {@link collectionsWindowMs}. */
export interface CollectionsSummary {
  readonly full: number;
  readonly fullMs: number;
  readonly minor: number;
  readonly minorMs: number;
}

export const collectionsWindowMs = 10_000;

export interface MemoryPressure {
  /** What the process may still take before the kernel kills somebody for it; absent where nothing tells. */
  readonly leftMb?: number;
  /** The control group of `groupKills`; another one counts anew. */
  readonly group?: string;
  /** Processes that the kernel killed for memory: in the control group, and on the machine since its boot. */
  readonly groupKills?: number;
  readonly machineKills?: number;
}

/** Replaced by each writing. */
export interface LastWords {
  /** The stall that is going on, its stack cut to the innermost frames. */
  readonly stall?: Stall;
  /** Only while the culprit of the stall is not certain; the busiest first. */
  readonly suspects?: readonly Suspect[];
  readonly collections: CollectionsSummary;
  readonly pressure: MemoryPressure;
  /** Where V8 gives up. */
  readonly heapLimitMb?: number;
  /** As main itself told it during the stall: the vitals stand still by then. */
  readonly heapUsedMb?: number;
  /** How fast that has grown since main was first asked, in MB per second. */
  readonly heapGrowthMb?: number;
}

/** A life as the file holds it. */
export interface LifeRecord {
  readonly key: string;
  readonly life: Life;
  readonly seenAtMs: number;
  readonly words: LastWords;
  /** Newest first. */
  readonly vitals: readonly VitalsSample[];
  /** Newest first. */
  readonly stalls: readonly Stall[];
}
