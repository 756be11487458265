import { expect, test } from 'vitest';
import { renderTranscript, type ToolCall } from '../../../src/agent/transcript.ts';
import type { CheckFinding } from '../../../src/check-finding.ts';
import { fail } from '../../../src/errors.ts';
import type { JsonObject, JsonValue } from '../../../src/json.ts';
import type { OperatorBriefing } from '../../../src/llm/briefing.ts';
import { createTriageModel } from '../../../src/llm/triage/triage.ts';
import type { Conclusion } from '../../../src/skill.ts';
import { type Answer, drive, functionAt, skillNamed } from './briefings.ts';

const finding = (checkId: string, investigate = `return ${checkId.split('.')[1]}()`): CheckFinding => ({
  checkId,
  finding: { of: checkId },
  investigate,
});

const conclusion = (changes: Partial<Conclusion> = {}): Conclusion => ({
  severity: 'warning',
  context: 'The loop is delayed.',
  observation: 'The event loop was blocked for 900 ms in slowPrice.',
  hypothesis: 'slowPrice parses each price again.',
  subjects: [functionAt('slowPrice', 'src/pricing.js', 42)],
  ...changes,
});

interface World {
  readonly findings?: readonly CheckFinding[];
  /** What each run of a script gives, the last one again and again. */
  readonly evidence?: Readonly<Record<string, readonly Answer[]>>;
  readonly conclude?: (checkId: string, evidence: JsonValue) => Conclusion | undefined;
  readonly refuse?: (call: ToolCall, nth: number) => string | undefined;
  readonly remainingMs?: number;
}

function worldOf({
  findings = [],
  evidence = {},
  conclude = () => undefined,
  refuse,
  remainingMs = 300_000,
}: World) {
  let left = remainingMs;
  const runs = new Map<string, number>();
  const histories: (readonly JsonObject[])[] = [];
  const count = (key: string): number => {
    runs.set(key, (runs.get(key) ?? 0) + 1);
    return runs.get(key) ?? 1;
  };
  const briefing = (): OperatorBriefing => ({
    role: 'operator',
    skill: skillNamed('runtime'),
    reason: 'latency',
    remainingMs: left,
    knowledge: {
      check: async (_, history) => {
        histories.push(history);
        return findings;
      },
      conclude: async (checkId, found) => conclude(checkId, found),
    },
  });
  const answer = (call: ToolCall): Answer => {
    const refusal = refuse?.(call, count(call.name));
    if (refusal !== undefined) return { content: { error: refusal }, isError: true };
    if (call.name === 'take_snapshot')
      return {
        content: { id: `snap${count('snap')}`, skill: 'runtime', capturedAt: '', data: { n: count('data') } },
      };
    if (call.name === 'wait') left -= Number(call.arguments.ms);
    if (call.name !== 'execute') return { content: { ok: true } };
    const [, givenMs, code = ''] =
      /^(?:const maxWaitMs = (\d+); )?(.*)$/s.exec(String(call.arguments.code)) ?? [];
    // A script that waits for what never comes takes all of its time.
    left -= Number(givenMs ?? 0);
    const answers = evidence[code] ?? [{ content: {} }];
    return answers[Math.min(count(code), answers.length) - 1] ?? { content: {} };
  };
  return { briefing, answer, histories, leftMs: () => left };
}

test('a healthy snapshot ends healthy in two turns, without a notification', async () => {
  const run = await drive(worldOf({}));
  expect(run.turns).toEqual([['take_snapshot'], ['set_state', 'done']]);
  expect(run.argumentsOf('set_state')).toMatchObject([{ state: 'healthy' }]);
});

test('findings are investigated in one turn, and what they conclude is sent with the snapshot as evidence', async () => {
  const world = worldOf({
    findings: [finding('runtime.loop'), finding('runtime.memory')],
    conclude: (checkId) => (checkId === 'runtime.loop' ? conclusion({ severity: 'critical' }) : undefined),
  });
  const run = await drive(world);
  expect(run.turns).toEqual([
    ['take_snapshot'],
    ['execute', 'execute'],
    ['send_notification'],
    ['set_state', 'done'],
  ]);
  expect(run.argumentsOf('execute')).toEqual([{ code: 'return loop()' }, { code: 'return memory()' }]);
  const { observation, context, hypothesis, subjects } = conclusion();
  expect(run.argumentsOf('send_notification')).toEqual([
    {
      type: 'runtime.loop',
      severity: 'critical',
      context,
      observation,
      hypothesis,
      subjects,
      snapshot_ids: ['snap1'],
    },
  ]);
  expect(run.argumentsOf('set_state')).toEqual([{ state: 'critical', reason: observation }]);
});

test.each([
  [['info', 'warning'], 'warning'],
  [['info', 'critical', 'warning'], 'critical'],
  [['info'], 'observing'],
  [[], 'healthy'],
] as const)('conclusions %j end as %s', async (severities, state) => {
  const findings = severities.map((severity, index) => finding(`runtime.${severity}${index}`));
  const world = worldOf({
    findings: findings.length > 0 ? findings : [finding('runtime.cleared')],
    conclude: (checkId) => {
      const severity = severities.find((_, index) => checkId === `runtime.${severities[index]}${index}`);
      return severity === undefined
        ? undefined
        : conclusion({ severity: severities[Number(checkId.at(-1))] ?? 'info' });
    },
  });
  const run = await drive(world);
  expect(run.argumentsOf('set_state')).toMatchObject([{ state }]);
  expect(run.argumentsOf('send_notification')).toHaveLength(severities.length);
});

test('findings with one script share its evidence', async () => {
  const script = 'return both()';
  const world = worldOf({
    findings: [finding('runtime.a', script), finding('runtime.b', script)],
    conclude: (checkId) => conclusion({ observation: `Seen by ${checkId}.` }),
  });
  const run = await drive(world);
  expect(run.argumentsOf('execute')).toHaveLength(1);
  expect(run.argumentsOf('send_notification').map(({ type }) => type)).toEqual(['runtime.a', 'runtime.b']);
});

test('a script that fails is run once more', async () => {
  const world = worldOf({
    findings: [finding('runtime.loop')],
    evidence: {
      'return loop()': [{ content: { error: 'timeout' }, isError: true }, { content: { ms: 900 } }],
    },
    conclude: () => conclusion(),
  });
  const run = await drive(world);
  expect(run.argumentsOf('execute')).toHaveLength(2);
  expect(run.argumentsOf('send_notification')).toHaveLength(1);
  expect(run.argumentsOf('think')).toHaveLength(0);
});

test('a script that fails twice is noted once, and nothing is invented', async () => {
  const world = worldOf({
    findings: [finding('runtime.loop'), finding('runtime.memory')],
    evidence: { 'return loop()': [{ content: { error: 'pause refused' }, isError: true }] },
    conclude: (checkId) => (checkId === 'runtime.memory' ? conclusion() : expect.unreachable()),
  });
  const run = await drive(world);
  expect(run.argumentsOf('execute')).toHaveLength(3);
  expect(run.argumentsOf('think')).toEqual([
    { thought: 'The evidence for runtime.loop could not be gathered: pause refused' },
  ]);
  expect(run.argumentsOf('send_notification').map(({ type }) => type)).toEqual(['runtime.memory']);
});

test('a run without evidence ends observing, not healthy', async () => {
  const world = worldOf({
    findings: [finding('runtime.loop')],
    evidence: { 'return loop()': [{ content: 'broken', isError: true }] },
  });
  expect((await drive(world)).argumentsOf('set_state')).toMatchObject([{ state: 'observing' }]);
});

test('a check that cannot judge its evidence is noted, the others go on', async () => {
  const world = worldOf({
    findings: [finding('runtime.bad'), finding('runtime.good')],
    conclude: (checkId) => {
      if (checkId === 'runtime.bad')
        throw fail('skill_callback_failed', { callback: 'conclude', reason: 'x' });
      return conclusion();
    },
  });
  const run = await drive(world);
  expect(run.argumentsOf('think')[0]?.thought).toContain('runtime.bad could not judge');
  expect(run.argumentsOf('send_notification').map(({ type }) => type)).toEqual(['runtime.good']);
});

test('incomplete evidence is reported at once and again when it is better', async () => {
  const world = worldOf({
    findings: [finding('runtime.loop')],
    evidence: { 'return loop()': [{ content: 'kind' }, { content: 'kind' }, { content: 'name' }] },
    conclude: (_, evidence) =>
      evidence === 'name'
        ? conclusion()
        : conclusion({
            observation: 'The loop is blocked in a native call.',
            subjects: [],
            againAfterMs: 2_000,
          }),
  });
  const run = await drive(world);
  expect(run.turns).toEqual([
    ['take_snapshot'],
    ['execute'],
    ['send_notification'],
    ['wait', 'execute'],
    ['wait', 'execute'],
    ['send_notification'],
    ['set_state', 'done'],
  ]);
  expect(run.argumentsOf('wait')).toEqual([{ ms: 2_000 }, { ms: 2_000 }]);
  expect(run.argumentsOf('send_notification').map(({ subjects }) => subjects)).toEqual([
    [],
    conclusion().subjects,
  ]);
});

test('the same statement with other figures is not repeated, and looking again ends within a minute', async () => {
  let blockedMs = 1_000;
  const world = worldOf({
    findings: [finding('runtime.loop')],
    conclude: () => {
      blockedMs += 500;
      return conclusion({ observation: `Blocked for ${blockedMs} ms.`, againAfterMs: 1_000 });
    },
    evidence: { 'return loop()': [{ content: {} }] },
  });
  const run = await drive(world);
  expect(run.argumentsOf('send_notification')).toHaveLength(1);
  const waitedMs = run.argumentsOf('wait').reduce((sum, { ms }) => sum + Number(ms), 0);
  expect(waitedMs).toBeGreaterThan(30_000);
  expect(waitedMs).toBeLessThanOrEqual(60_000);
});

test('looking again leaves ten seconds of the run', async () => {
  const world = worldOf({
    findings: [finding('runtime.loop')],
    conclude: () => conclusion({ againAfterMs: 2_000 }),
    remainingMs: 15_000,
  });
  expect((await drive(world)).argumentsOf('wait')).toEqual([{ ms: 2_000 }, { ms: 2_000 }]);
});

const waiting = { ...finding('runtime.loop'), followUp: 'await end(maxWaitMs); return loop()' };

test('a follow-up waits for what is missing, and its evidence counts', async () => {
  const world = worldOf({
    findings: [waiting],
    evidence: { [waiting.followUp]: [{ content: 'kind' }, { content: 'name' }] },
    conclude: (_, evidence) =>
      evidence === 'name' ? conclusion() : conclusion({ subjects: [], againAfterMs: 250 }),
  });
  const run = await drive(world);
  expect(run.argumentsOf('execute')).toEqual([
    { code: 'return loop()' },
    { code: `const maxWaitMs = 20000; ${waiting.followUp}` },
    { code: `const maxWaitMs = 20000; ${waiting.followUp}` },
  ]);
  expect(run.argumentsOf('send_notification')).toHaveLength(2);
});

test('a follow-up is run until ten seconds of the run are left, however long that is', async () => {
  const conclude = (): Conclusion => conclusion({ subjects: [], againAfterMs: 250 });
  const world = worldOf({ findings: [waiting], conclude, remainingMs: 240_000 });
  await drive(world);
  expect(world.leftMs()).toBe(10_000);
});

test('follow-ups that come back early do not use up the iterations', async () => {
  const conclude = (): Conclusion => conclusion({ subjects: [], againAfterMs: 250 });
  const run = await drive(worldOf({ findings: [waiting], conclude, remainingMs: Number.POSITIVE_INFINITY }));
  expect(run.turns.length).toBeLessThanOrEqual(20);
  expect(run.turns.at(-1)).toEqual(['set_state', 'done']);
  expect(Math.max(...run.argumentsOf('wait').map(({ ms }) => Number(ms)))).toBe(2_000);
});

test('evidence that was cut to size is no evidence of health', async () => {
  const cut = { truncated: true, note: 'The result has 90000 characters.', beginning: '{"ma' };
  const world = worldOf({
    findings: [finding('runtime.loop')],
    evidence: { 'return loop()': [{ content: cut }] },
    conclude: () => expect.unreachable(),
  });
  const run = await drive(world);
  expect(run.argumentsOf('think')[0]?.thought).toContain('The result has 90000 characters.');
  expect(run.argumentsOf('set_state')).toMatchObject([{ state: 'observing' }]);
});

test('a script that printed is judged by its value', async () => {
  const seen: JsonValue[] = [];
  const world = worldOf({
    findings: [finding('runtime.loop')],
    evidence: { 'return loop()': [{ content: { value: { ms: 900 }, console: ['hello'] } }] },
    conclude: (_, evidence) => {
      seen.push(evidence);
      return undefined;
    },
  });
  await drive(world);
  expect(seen[0]).toEqual({ ms: 900 });
});

test('subjects go out as the tools accept them', async () => {
  const subjects = [functionAt('', 'a.js', 0), functionAt('f', 'a.js', 3)];
  const world = worldOf({ findings: [finding('runtime.loop')], conclude: () => conclusion({ subjects }) });
  expect((await drive(world)).argumentsOf('send_notification')[0]?.subjects).toEqual([
    functionAt('(anonymous)', 'a.js'),
    functionAt('f', 'a.js', 3),
  ]);
});

test('a notification that is refused is sent once more, then left', async () => {
  const world = worldOf({
    findings: [finding('runtime.loop')],
    conclude: () => conclusion(),
    refuse: (call) => (call.name === 'send_notification' ? 'no' : undefined),
  });
  expect((await drive(world)).argumentsOf('send_notification')).toHaveLength(2);
});

test('a snapshot that fails twice ends the run observing, with the reason', async () => {
  const run = await drive(
    worldOf({ refuse: (call) => (call.name === 'take_snapshot' ? 'main is blocked' : undefined) }),
  );
  expect(run.turns).toEqual([['take_snapshot'], ['take_snapshot'], ['think', 'set_state', 'done']]);
  expect(run.argumentsOf('set_state')).toEqual([
    { state: 'observing', reason: 'The snapshot failed 2 times: main is blocked' },
  ]);
});

test('the next round starts afresh and knows the snapshots of the earlier ones', async () => {
  const first = worldOf({ findings: [finding('runtime.loop')], conclude: () => conclusion() });
  const one = await drive(first);
  const two = await drive({ ...first, messages: one.messages });
  expect(two.turns).toEqual(one.turns);
  expect(two.argumentsOf('send_notification')).toMatchObject([{ snapshot_ids: ['snap2'] }]);
  expect([first.histories[0], first.histories.at(-1)]).toEqual([[], [{ n: 1 }]]);
});

test('the same request gives the same answer', async () => {
  const world = worldOf({ findings: [finding('runtime.loop')], conclude: () => conclusion() });
  const [one, two] = [
    await drive(world),
    await drive(worldOf({ findings: [finding('runtime.loop')], conclude: () => conclusion() })),
  ];
  expect(two.messages).toEqual(one.messages);
  expect(new Set(one.calls.map(({ id }) => id)).size).toBe(one.calls.length);
});

test('a question without tools is answered from the transcript', async () => {
  const world = worldOf({ findings: [finding('runtime.loop')], conclude: () => conclusion() });
  const { messages } = await drive(world);
  const { signal } = new AbortController();
  const asked = {
    system: '',
    tools: [],
    messages: [...messages, { role: 'user', text: 'What did you see?' }],
  } as const;
  const { text, toolCalls } = await createTriageModel().generate(asked, { signal });
  expect(toolCalls).toEqual([]);
  const said = 'warning runtime.loop: The event loop was blocked for 900 ms in slowPrice.';
  expect(text).toContain(said);
  const log = `LOG\n${renderTranscript(messages)}\nCALL send_notification {not json}\n\nQUESTION\nWhat did you see?`;
  const byLog = await createTriageModel().generate(
    { ...asked, messages: [{ role: 'user', text: log }] },
    { signal },
  );
  expect(byLog.text).toBe(text);
});

test('without a briefing it says what it needs, and an abort rejects while a check hangs', async () => {
  const model = createTriageModel();
  const request = { system: '', messages: [], tools: [{ name: 'done', description: '', inputSchema: {} }] };
  await expect(model.generate(request, { signal: new AbortController().signal })).rejects.toMatchObject({
    code: 'model_failed',
  });
  const asked = Promise.withResolvers<void>();
  const briefing: OperatorBriefing = {
    ...worldOf({}).briefing(),
    knowledge: {
      check: () => {
        asked.resolve();
        return new Promise(() => undefined);
      },
      conclude: async () => undefined,
    },
  };
  const controller = new AbortController();
  const { messages } = await drive(worldOf({}));
  const started = { ...request, briefing, messages: messages.slice(0, 3) };
  const answered = model.generate(started, { signal: controller.signal });
  await asked.promise;
  controller.abort();
  await expect(answered).rejects.toMatchObject({ code: 'run_cancelled' });
});
