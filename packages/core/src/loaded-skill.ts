// One version of a skill in its host: calls hold it, and once another version has taken its place it is closed when
// the last of them has ended.
import type { Callback, Skill } from './skill.ts';

export interface LoadedParts {
  readonly skill: Skill;
  /** Its own and the base ones. */
  readonly callbacks: ReadonlyMap<string, Callback>;
  /** Checks that threw, with their reasons: told, never fatal. */
  readonly limitations: Set<string>;
}

export interface LoadedSkill extends LoadedParts {
  /** Runs a call on it. */
  use<T>(call: () => Promise<T>): Promise<T>;
  /** No new calls will come. */
  retire(): void;
}

/** @param onClosed called once, before the skill's own `close`. */
export function createLoadedSkill(parts: LoadedParts, onClosed: (skill: Skill) => void): LoadedSkill {
  let calls = 0;
  let isRetired = false;
  const closeIfDone = (): void => {
    if (!isRetired || calls > 0) return;
    onClosed(parts.skill);
    // What a skill does wrong at its end is not its host's failure.
    void (async () => parts.skill.close?.())().catch(() => undefined);
  };
  return {
    ...parts,
    async use(call) {
      calls += 1;
      try {
        return await call();
      } finally {
        calls -= 1;
        closeIfDone();
      }
    },
    retire() {
      if (isRetired) return;
      isRetired = true;
      closeIfDone();
    },
  };
}
