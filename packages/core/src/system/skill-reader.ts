// Snapshots and checks of any skill as the recorder thread takes them: of its own skills at once, of the user's skills on main
// within a deadline, because main may be blocked.
import { openPort } from '../actor/hosts/services.ts';
import type { CheckFinding } from '../check-finding.ts';
import type { JsonObject } from '../json.ts';
import type { RecorderParts } from '../recorder/run-recorder.ts';
import { connectRpc, type RpcClient } from '../rpc.ts';
import type { SkillDescriptor, SkillHost } from '../skill-host.ts';
import type { RecorderInit } from './recorder-init.ts';

/** A skill on main is not waited for any longer, in ms. */
const MAIN_SKILL_TIMEOUT_MS = 1_500;

export interface SkillReader {
  /** Redacted. @throws NodelensError `skill_*`, `rpc_timeout`, `rpc_peer_gone` */
  snapshot(skill: string): Promise<JsonObject>;
  /** @throws NodelensError as snapshot */
  readonly check: (
    skill: SkillDescriptor,
    data: JsonObject,
    history: readonly JsonObject[],
  ) => Promise<readonly CheckFinding[]>;
  close(): void;
}

/** @param mainSkills those that live on main at present. */
export function createSkillReader(
  parts: RecorderParts,
  mainSkills: () => RecorderInit['mainSkills'],
): SkillReader {
  let main: RpcClient<SkillHost> | undefined;
  const connectMain = (): SkillHost => {
    main ??= connectRpc<SkillHost>(openPort(parts.connect, 'main-skills'), {
      peer: 'main',
      timeoutMs: MAIN_SKILL_TIMEOUT_MS,
      detail: () => blockedDetail(parts),
    });
    return main.remote;
  };
  const hostOf = (skill: string): SkillHost =>
    mainSkills().some(({ id }) => id === skill) ? connectMain() : parts.skills;
  return {
    snapshot: (skill) => hostOf(skill).snapshot(skill),
    check: ({ id }, data, history) => hostOf(id).check(id, data, history),
    close: () => main?.close(),
  };
}

function blockedDetail({ context }: RecorderParts): string {
  const stall = context.currentStall();
  return stall === undefined ? '' : `; it has been blocked for ${Math.round(stall.durationMs)} ms`;
}
