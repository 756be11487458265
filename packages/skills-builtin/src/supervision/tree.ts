// Who runs what, from the process down; what belongs to Nodelens stands apart.
import type { JsonObject } from '@nodelens/core';
import { livesByPid } from './child-list.ts';
import { groupsOf } from './groups.ts';
import type { Life } from './life.ts';
import type { OwnEvent } from './lives.ts';
import { reasonOf } from './reason.ts';
import type { Locate, Sources } from './sources.ts';

const TOLD = 30;
const HOUR_MS = 3_600_000;

export async function treeOf(sources: Sources, locate: Locate): Promise<JsonObject> {
  const { context, lives, watch } = sources;
  const now = watch.now();
  const known = livesByPid(lives.alive());
  const others = [...now.children.values()]
    .filter(({ pid }) => !known.has(pid))
    .slice(0, TOLD)
    .map((child) => ({ pid: child.pid, state: child.state, ...watch.kernel.nameOf(child) }));
  const groups = groupsOf(lives.alive()).slice(0, TOLD);
  const threads = [...now.threads.values()];
  return {
    pid: context.pid,
    supervised: await Promise.all(
      groups.map(async ({ kind, name, file, starter, lives: members }) => ({
        kind,
        name,
        ...(file !== undefined && { file }),
        starter: await locate(starter),
        alive: members.length,
        oldestMs: Math.max(0, context.now() - (members[0]?.startedAtMs ?? 0)),
        lastEnd: lastEndOf(lives.ended(), name),
      })),
    ),
    otherChildren: others
      .filter(({ isNodelens }) => !isNodelens)
      .map(({ pid, name, state }) => ({ pid, name, state })),
    nodelens: {
      threads: threads.filter(({ owner }) => owner === 'nodelens').map(({ name }) => name),
      scriptProcesses: others
        .filter(({ isNodelens }) => isNodelens)
        .map(({ pid, state }) => ({ pid, state })),
      events: ownSince(lives.own(), context.now() - HOUR_MS).slice(0, TOLD),
    },
  };
}

function lastEndOf(ended: readonly Life[], name: string): string | null {
  const last = ended.find((life) => life.name === name);
  return last === undefined ? null : reasonOf(last);
}

const ownSince = (events: readonly OwnEvent[], fromMs: number): readonly JsonObject[] =>
  events
    .filter(({ atMs, what }) => atMs >= fromMs && what !== 'operator.started')
    .map((event) => ({ ...event }));
