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
  const settled = (run: Omit<SettledRun, 'id' | 'kind'>): SettledRun => ({
    id: action.order.id,
    kind: action.type,
    ...run,
  });
  const tookMs = (): number => performance.now() - startedAt;
  try {
    const { ownMs = tookMs(), ...run } = await runIt(lens, action, cancel.signal);
    return settled({ ...run, durationMs: ownMs });
  } catch (error) {
    // How long a coordinator let it wait for its turn is not known here.
    const durationMs = action.type === 'coordinator-run' ? 0 : tookMs();
    if (isError(error)) return settled({ ended: error.code, durationMs });
    return settled({ ended: 'an error that is not of Nodelens', durationMs, complaint: String(error) });
  }
}

async function runIt(
  lens: Nodelens,
  { type, order, operator, timeoutMs }: RunAction,
  signal: AbortSignal,
): Promise<{ ended: string; ownMs?: number; complaint?: string }> {
  const context = { reason: reasonOfOrder(order) };
  if (type === 'operator-run') {
    const result = await lens.operator.run(operator, context, { timeoutMs, signal });
    return answered(result.status, complaintAboutOperatorRun(result));
  }
  const skills = operator === 'chaos-once' ? [operator] : ['chaos-once', operator];
  const result = await lens.coordinator.run(context, { skills, timeoutMs, signal });
  // Investigations wait for their turn, at which their deadline begins.
  return { ownMs: result.durationMs, ...answered(result.status, complaintAboutInvestigation(result)) };
}

const answered = (ended: string, complaint: string | undefined): { ended: string; complaint?: string } => ({
  ended,
  ...(complaint !== undefined && { complaint }),
});

const CHECK_MS = 20_000;

/** When nothing is disturbed any more, everything works. */
export async function checkAll(lens: Nodelens): Promise<readonly string[]> {
  const reason = 'all is quiet again';
  const checks: readonly (readonly [string, () => Promise<{ status: string }>])[] = [
    [
      'an operator on the recorder',
      () => lens.operator.run('chaos-once', { reason }, { timeoutMs: CHECK_MS }),
    ],
    ['an operator on main', () => lens.operator.run('shop', { reason }, { timeoutMs: CHECK_MS })],
    ['triage', () => lens.operator.run('runtime', { reason }, { timeoutMs: CHECK_MS })],
    [
      'an investigation',
      () => lens.coordinator.run({ reason }, { skills: ['chaos-once', 'shop'], timeoutMs: CHECK_MS }),
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
