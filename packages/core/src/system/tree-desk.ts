// The supervision tree as the recorder thread can tell it, also while main is blocked: main is not asked, what it told
// last is put together with what can be seen from here.

import type { Census, CensusDesk } from '../actor/hosts/census.ts';
import { openPort } from '../actor/hosts/services.ts';
import type { ActorVitals } from '../actor/limits/actor-vitals.ts';
import { cpuMsOf } from '../actor/limits/kernel-thread.ts';
import { ownVitals } from '../actor/limits/own-vitals.ts';
import type { TreeNode } from '../actor/supervision/tree.ts';
import { readProcess } from '../recorder/kernel/process-reading.ts';
import { monotonicMs } from '../recorder/monotonic.ts';
import type { RecorderParts } from '../recorder/run-recorder.ts';
import { connectRpc } from '../rpc.ts';
import type { MainNews } from './recorder-init.ts';
import { askResidents } from './residents-client.ts';
import { mergeTree } from './tree-merge.ts';

/** The launcher only passes messages on: one that does not answer by then is stuck. */
const CENSUS_MS = 1_000;
/** CPU of what shows none in shared words is measured over this long. */
const WINDOW_MS = 250;

export interface TreeDesk {
  tree(): Promise<TreeNode>;
  close(): void;
}

export function createTreeDesk(parts: RecorderParts): TreeDesk {
  let told: TreeNode | undefined;
  const undo = parts.onMainMessage((message) => {
    const news = message as unknown as MainNews;
    if (news.type === 'tree') told = news.tree;
  });
  return { tree: () => lookAround(parts, told ?? unheard(parts)), close: undo };
}

async function lookAround(parts: RecorderParts, main: TreeNode): Promise<TreeNode> {
  const { context, launcher } = parts;
  const [census, operators] = await Promise.all([
    launcher.isRunning ? takeCensus(parts) : undefined,
    askForOperators(parts),
  ]);
  const own = ownVitals();
  const readings = [
    () => cpuOfThread(own.tid),
    () => cpuOfThread(census?.teller.vitals.tid),
    () => census?.sandboxPid && readProcess(census.sandboxPid)?.cpuMs,
  ];
  const [ownCpu, launcherCpu, sandboxCpu] = await percentages(readings);
  const stall = context.currentStall();
  const sandbox = census?.sandboxPid === undefined ? undefined : sandboxOf(census.sandboxPid, sandboxCpu);
  return mergeTree({
    main: { ...main, pid: context.pid },
    recorder: { startedAtMs: context.startedAtMs, vitals: { ...own, ...ownCpu } },
    ...(stall && { blockedSinceMs: Math.round(Date.now() - stall.durationMs) }),
    ...(launcher.isRunning && {
      launcher: {
        restarts: launcher.restarts,
        ...(launcher.lastExit && { lastExit: launcher.lastExit }),
        ...(census && {
          startedAtMs: census.teller.startedAtMs,
          vitals: { ...census.teller.vitals, ...launcherCpu },
        }),
      },
    }),
    ...(census && { census }),
    ...(operators && { operators }),
    ...(sandbox && { sandbox }),
  });
}

async function takeCensus({ connect }: RecorderParts): Promise<Census | undefined> {
  const port = openPort(connect, 'census');
  const client = connectRpc<CensusDesk>(port, { peer: 'the launcher', timeoutMs: CENSUS_MS });
  try {
    return await client.remote.census();
  } catch {
    // Stuck or just gone: the tree shows it without what it would have told.
    return undefined;
  } finally {
    client.close();
  }
}

async function askForOperators({ connect }: RecorderParts): Promise<TreeNode | undefined> {
  const ask = askResidents(
    () => openPort(connect, 'residents'),
    (desk) => desk.tree(),
    CENSUS_MS,
  );
  return (await ask.catch(() => undefined)) ?? undefined;
}

type Share = Pick<ActorVitals, 'cpuPercent'>;

const cpuOfThread = (tid: number | undefined): number | undefined =>
  tid === undefined ? undefined : cpuMsOf(tid);

/** What each of them took in the window; empty where one cannot be read. */
async function percentages(readings: readonly (() => number | undefined)[]): Promise<readonly Share[]> {
  const from = readings.map((read) => read());
  const at = monotonicMs();
  await new Promise((resolve) => setTimeout(resolve, WINDOW_MS));
  const elapsedMs = monotonicMs() - at;
  return readings.map((read, index) => {
    const [before, after] = [from[index], read()];
    if (before === undefined || after === undefined) return {};
    return { cpuPercent: Math.round(((after - before) / elapsedMs) * 1_000) / 10 };
  });
}

function sandboxOf(pid: number, share: Share | undefined): Pick<TreeNode, 'pid' | 'startedAtMs' | 'vitals'> {
  const reading = readProcess(pid);
  if (reading === undefined) return { pid };
  return { pid, startedAtMs: reading.startedAtMs, vitals: { memoryMb: reading.rssMb, ...share } };
}

/** Before main has told anything. */
const unheard = ({ context }: RecorderParts): TreeNode => ({
  id: 'nodelens',
  kind: 'supervisor',
  status: 'running',
  startedAtMs: context.startedAtMs,
});
