// Runs on main, as users make them: each has a deadline, some are cancelled, and each must settle with an answer that
// makes sense.
import { isError, type Nodelens } from '@nodelens/core';
import { complaintAboutInvestigation, complaintAboutOperatorRun } from './answers.ts';
import { reasonOfOrder } from './chaos-model.ts';
import type { RunAction } from './schedule.ts';
import type { SettledRun } from './wire.ts';

/** Never rejects. */
export async function performRun(lens: Nodelens, action: RunAction): Promise<SettledRun> {
  const startedAt = performance.now();
  const cancel = new AbortController();
  const { cancelAfterMs } = action;
  if (cancelAfterMs !== undefined) setTimeout(() => cancel.abort(), cancelAfterMs).unref();
  const settled = (ended: string, complaint?: string): SettledRun => ({
    id: action.order.id,
    kind: action.type,
    ended,
    durationMs: performance.now() - startedAt,
    ...(complaint !== undefined && { complaint }),
  });
  try {
    const { ended, complaint } = await runIt(lens, action, cancel.signal);
    return settled(ended, complaint);
  } catch (error) {
    if (isError(error)) return settled(error.code);
    return settled('an error that is not of Nodelens', String(error));
  }
}

async function runIt(
  lens: Nodelens,
  { type, order, operator, timeoutMs }: RunAction,
  signal: AbortSignal,
): Promise<{ ended: string; complaint: string | undefined }> {
  const context = { reason: reasonOfOrder(order) };
  if (type === 'operator-run') {
    const result = await lens.operator.run(operator, context, { timeoutMs, signal });
    return { ended: result.status, complaint: complaintAboutOperatorRun(result) };
  }
  const skills = operator === 'chaos' ? ['chaos'] : ['chaos', operator];
  const result = await lens.coordinator.run(context, { skills, timeoutMs, signal });
  return { ended: result.status, complaint: complaintAboutInvestigation(result) };
}

const CHECK_MS = 20_000;

/** When nothing is disturbed any more, everything works. */
export async function checkAll(lens: Nodelens): Promise<readonly string[]> {
  const reason = 'all is quiet again';
  const checks: readonly (readonly [string, () => Promise<{ status: string }>])[] = [
    ['an operator on the recorder', () => lens.operator.run('chaos', { reason }, { timeoutMs: CHECK_MS })],
    ['an operator on main', () => lens.operator.run('shop', { reason }, { timeoutMs: CHECK_MS })],
    ['triage', () => lens.operator.run('runtime', { reason }, { timeoutMs: CHECK_MS })],
    [
      'an investigation',
      () => lens.coordinator.run({ reason }, { skills: ['chaos', 'shop'], timeoutMs: CHECK_MS }),
    ],
  ];
  const complaints: string[] = [];
  for (const [what, run] of checks) {
    const ended = await run().then(
      ({ status }) => status,
      (error: unknown) => String(error),
    );
    if (ended !== 'completed') complaints.push(`after all, ${what} ended as "${ended}"`);
  }
  return complaints;
}
