// Investigates a running service over its control socket, and notes when each insight came.
import { join } from 'node:path';
import {
  ControlClient,
  controlDirectories,
  controlSocketPath,
  type Insight,
  type InvestigationResult,
  isError,
} from '@nodelens/core';
import type { Service } from '../faults/start-service.ts';

export interface InvestigateOptions {
  readonly reason: string;
  readonly timeoutMs: number;
  readonly skills?: readonly string[];
  /** Sends a request at the same moment, to see when main is free again. */
  readonly isBlocked: boolean;
}

export interface Investigation {
  readonly result: InvestigationResult;
  readonly insights: readonly { readonly insight: Insight; readonly afterMs: number }[];
  readonly durationMs: number;
  /** When main answered again; `Infinity` when it had not by the end. Only of a blocked service. */
  readonly freeAfterMs?: number;
}

/** Nodelens attaches while the service starts, on a busy machine within many seconds. */
const CONNECT_MS = 20_000;
const LOOK_AGAIN_MS = 50;
const ANSWER_SLACK_MS = 20_000;

/** @throws NodelensError `process_not_reachable`, or what the process answered */
export async function investigate(service: Service, options: InvestigateOptions): Promise<Investigation> {
  const startedMs = performance.now();
  const since = (): number => performance.now() - startedMs;
  const client = await connect(service.pid);
  const insights: { insight: Insight; afterMs: number }[] = [];
  let freeAfterMs = Number.POSITIVE_INFINITY;
  const answer = new AbortController();
  if (options.isBlocked)
    fetch(service.url, { signal: answer.signal }).then(
      () => {
        freeAfterMs = since();
      },
      () => undefined,
    );
  const { reason, timeoutMs, skills } = options;
  try {
    const result = await client.request(
      'investigate',
      { reason, timeoutMs, ...(skills && { skills: [...skills] }) },
      {
        timeoutMs: timeoutMs + ANSWER_SLACK_MS,
        onEvent: (event) => {
          if (event.type === 'insight.produced') insights.push({ insight: event.insight, afterMs: since() });
        },
      },
    );
    return { result, insights, durationMs: since(), ...(options.isBlocked && { freeAfterMs }) };
  } finally {
    answer.abort();
    client.close();
  }
}

async function connect(pid: number): Promise<ControlClient> {
  const until = performance.now() + CONNECT_MS;
  for (;;) {
    for (const directory of controlDirectories()) {
      try {
        return await ControlClient.connect(pid, controlSocketPath(join(directory), pid));
      } catch (error) {
        if (!isError(error, 'process_not_reachable') || performance.now() > until) throw error;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}
