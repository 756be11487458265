// Brings Nodelens into a process that knows nothing of it, also while its main thread is stuck in JavaScript:
// SIGUSR1 opens the inspector, one evaluation loads `attach-entry` synchronously, and the port is closed again.
// Why it is done in this order: docs/decisions/005-attach.md.
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ControlClient } from '@nodelens/core';
import { fail, isError } from '@nodelens/core';
import { connectToProcess } from './find-process.ts';
import { type InspectorClient, openInspector } from './inspector-client.ts';
import { complaintAboutTarget } from './process-info.ts';
import { siblingUrl } from './sibling-url.ts';

export interface AttachOutcome {
  readonly client: ControlClient;
  /** It was attached before. */
  readonly already: boolean;
}

export interface AttachOptions {
  /** How long main may take to answer, in ms. Default 60,000: a native call can keep it that long. */
  readonly timeoutMs?: number;
  /** Told once when it takes longer, with the probable reason. */
  readonly onWait?: (reason: string) => void;
}

const tellMs = 1_500;

/**
 * Resolves when the control socket of the process answers.
 * @throws NodelensError `attach_failed` with the reason, `process_not_found`.
 */
export async function attach(
  pid: number,
  { timeoutMs = 60_000, onWait }: AttachOptions = {},
): Promise<AttachOutcome> {
  const startedAt = performance.now();
  const deadline = startedAt + timeoutMs;
  let isTold = false;
  while (performance.now() < deadline) {
    const attached = await connectIfAttached(pid);
    if (attached !== undefined) return { client: attached, already: true };
    const complaint = complaintAboutTarget(pid);
    if (complaint !== undefined) throw attachFailed(pid, complaint);
    if (!isTold && performance.now() > startedAt + tellMs) {
      isTold = true;
      onWait?.('its main thread does not answer yet, perhaps it is inside a native call');
    }
    if ((await bringIn(pid, timeoutMs)) === 'loaded')
      return { client: await waitForControl(pid), already: false };
  }
  throw attachFailed(
    pid,
    `its inspector did not open within ${timeoutMs} ms: its main thread is inside a native call that has not returned; try again.`,
  );
}

/**
 * `try-again`: main is inside a native call, or another `nodelens attach` was at it at the same time and closed the
 * port when it was done.
 */
async function bringIn(pid: number, timeoutMs: number): Promise<'loaded' | 'try-again'> {
  const { inspector, openedByUs } = await openInspector(pid);
  if (inspector === undefined) return 'try-again';
  try {
    await loadEntry(inspector, { pid, timeoutMs });
    return 'loaded';
  } catch (error) {
    if (inspector.isCutOff()) return 'try-again';
    throw error;
  } finally {
    if (openedByUs) await inspector.closePort();
    await inspector.close();
  }
}

async function loadEntry(
  inspector: InspectorClient,
  { pid, timeoutMs }: { readonly pid: number; readonly timeoutMs: number },
): Promise<void> {
  const evaluate = (expression: string): Promise<string> => inspector.evaluate(expression, timeoutMs);
  const [targetPid, version] = (await evaluate("process.pid + ' ' + process.version")).split(' ');
  if (Number(targetPid) !== pid)
    throw attachFailed(
      pid,
      `process ${targetPid} answers on its inspector port; is it in another container?`,
    );
  if (!(Number(/^v(\d+)/.exec(version ?? '')?.[1]) >= 24))
    throw attachFailed(pid, `it runs Node.js ${version}; 24 or newer is needed.`);
  // `require` loads ES modules synchronously; `import()` would need the event loop that may be stuck.
  const file = JSON.stringify(fileURLToPath(siblingUrl('./attach-entry')));
  const entry = `process.getBuiltinModule('node:module').createRequire(${file})(${file})`;
  if ((await evaluate(`String(${entry}.attach())`)) !== 'true')
    throw attachFailed(pid, await evaluate(`${entry}.failure()`));
}

async function connectIfAttached(pid: number): Promise<ControlClient | undefined> {
  try {
    return await connectToProcess(pid);
  } catch (error) {
    if (isError(error, 'process_not_attached') || isError(error, 'process_not_reachable')) return undefined;
    throw error;
  }
}

const controlMs = 15_000;

/** The recorder listens as soon as its thread has started, which needs nothing from main. */
async function waitForControl(pid: number): Promise<ControlClient> {
  const deadline = performance.now() + controlMs;
  while (performance.now() < deadline) {
    const client = await connectIfAttached(pid);
    if (client !== undefined) return client;
    await delay(25);
  }
  throw attachFailed(
    pid,
    `its recorder did not answer within ${controlMs} ms; see the warnings of the process.`,
  );
}

function attachFailed(pid: number, reason: string): Error {
  return fail('attach_failed', { pid, reason });
}
