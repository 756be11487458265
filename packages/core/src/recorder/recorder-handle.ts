// What main can do with a recorder, and what it gives to it at the start.
import type { MessagePort } from 'node:worker_threads';
import type { ExitReason } from '../actor/exit.ts';
import type { Connect, ServiceName } from '../actor/hosts/services.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { SkillSpec } from '../skill.ts';
import type { ArmOptions } from './link.ts';
import type { Vaults } from './store/vaults.ts';

export interface RecorderOptions {
  /** Loaded on the recorder thread before it is ready. */
  readonly skills: readonly SkillSpec[];
  /** Passed through to the recorder thread. */
  readonly init: JsonObject;
  readonly armed?: ArmOptions;
  /** Folder where findings are kept. */
  readonly dataDir?: string;
  /** Hold over several lives of the recorder what no `dataDir` does. Default: of this life alone. */
  readonly vaults?: Vaults;
}

export interface RecorderHandle {
  /**
   * Resolves when the recorder answers, its skills are loaded and the profile is armed; reading it keeps the process
   * alive until then. Rejects with `skill_*` or `recorder_unavailable`.
   */
  readonly ready: Promise<void>;
  /** Asks the recorder thread to serve `service` on `port`, which moves there. */
  connect(service: ServiceName, port: MessagePort): void;
  /** Ports that only main can serve ('main-skills', 'main-model'); returns the undo. */
  onConnect(listener: Connect): () => void;
  post(message: JsonValue): void;
  /** Starts the probe of a skill that comes after the start, if it has one. */
  startProbe(skill: SkillSpec): void;
  /** That version of the skill has stayed: ends the probes that only another version of it had. */
  settleProbes(skill: SkillSpec): void;
  onMessage(listener: (message: JsonValue) => void): () => void;
  /** The recorder ended by itself; everything of it on main is removed by then. */
  onExit(listener: (reason: ExitReason) => void): () => void;
  /** Ends everything that the recorder started, gives up its session and ends the thread. Idempotent. */
  stop(): Promise<void>;
}
