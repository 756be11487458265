// The port between main and the recorder: the few messages that start, stop and wire the two.
import type { MessagePort } from 'node:worker_threads';
import type { ServiceName } from '../actor/hosts/services.ts';
import type { WireError } from '../errors.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { SkillSpec } from '../skill.ts';
import type { ExitWord } from './exit-word.ts';
import type { LateBeat, SharedMemory } from './heartbeat.ts';
import type { ProbeLink } from './probe.ts';
import type { Vaults } from './store/vaults.ts';

/** What is armed at the start; both by default. */
export interface ArmOptions {
  readonly profile?: boolean;
  readonly allocations?: boolean;
}

/** The recorder's workerData. */
export interface RecorderStart {
  readonly shared: SharedMemory;
  readonly word: ExitWord;
  readonly link: MessagePort;
  /** Bumped by the recorder while its loop turns; main looks at it. */
  readonly heart: Int32Array;
  readonly skills: readonly SkillSpec[];
  readonly init: JsonObject;
  readonly armed: ArmOptions;
  /** Probes of skills that run on main already. */
  readonly probes: readonly ProbeLink[];
  /** Where findings are kept; without one they are in the vaults. */
  readonly dataDir?: string;
  readonly vaults: Vaults;
  /** Main's script: services that share a `dataDir` are told apart by it. */
  readonly service: string;
  /** Main's. */
  readonly execArgv: readonly string[];
}

/** Main to recorder. A `connect` carries its port in the transfer list too. */
export type ToRecorder =
  | { readonly type: 'connect'; readonly service: ServiceName; readonly port: MessagePort }
  | { readonly type: 'message'; readonly message: JsonValue }
  /** The probe of a skill that came later. */
  | { readonly type: 'probe'; readonly link: ProbeLink }
  /** Main was at rest, and something has come to it, or has blocked it. */
  | { readonly type: 'awake'; readonly late?: LateBeat }
  | { readonly type: 'probe-events'; readonly key: string; readonly events: readonly JsonObject[] }
  | { readonly type: 'stop' };

/** Recorder to main. */
export type FromRecorder =
  | { readonly type: 'ready' }
  /** A skill could not be loaded; everything else runs. */
  | { readonly type: 'start-failed'; readonly error: WireError }
  | { readonly type: 'connect'; readonly service: ServiceName; readonly port: MessagePort }
  | { readonly type: 'message'; readonly message: JsonValue }
  /** All but the inspector session has been stopped. */
  | { readonly type: 'stopped' }
  /** It failed and has given up its session; main ends the thread. */
  | { readonly type: 'failed'; readonly error: WireError };
