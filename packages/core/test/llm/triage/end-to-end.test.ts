// Triage in the real operators and the real coordinator: actors, tools, sandbox process, skill host. Only the skills
// are made up.
import { MessageChannel } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { serveHost } from '../../../src/actor/hosts/served-host.ts';
import type { InvestigationResult } from '../../../src/coordinator/insight.ts';
import { defaultCoordinatorLimits } from '../../../src/coordinator/spec.ts';
import { asJson, type JsonObject } from '../../../src/json.ts';
import { triage } from '../../../src/llm/references.ts';
import { type Conclusion, defineSkill, type Skill } from '../../../src/skill.ts';
import { scripted } from '../../operator/scripted.ts';
import { createWorld, type World } from '../../operator/world.ts';
import { functionAt } from './briefings.ts';

const render = functionAt('renderPage', 'src/view.js', 7);

const conclusion = (changes: Partial<Conclusion>): Conclusion => ({
  severity: 'warning',
  context: 'The service is under load.',
  observation: 'renderPage took 70 % of the CPU.',
  subjects: [render],
  ...changes,
});

interface Sick {
  readonly id: string;
  readonly keywords: readonly string[];
  readonly check: Pick<NonNullable<Skill['checks']>[number], 'conclude' | 'explains'>;
}

function sick({ id, keywords, check }: Sick): Skill {
  let looks = 0;
  return defineSkill({
    id,
    title: id,
    description: `All about ${id}`,
    systemPrompt: `You watch ${id}.`,
    keywords,
    snapshot: () => ({ figure: 9 }),
    callbacks: {
      [`${id}_look`]: {
        description: 'Looks; answers how often.',
        run: () => {
          looks += 1;
          return { looks };
        },
      },
    },
    checks: [
      {
        id: `${id}.trouble`,
        when: ({ figure }) => (Number(figure) > 5 ? { figure: figure ?? null } : undefined),
        investigate: `return await ${id}_look();`,
        ...check,
      },
    ],
  });
}

const healthy = defineSkill({
  id: 'calm',
  title: 'calm',
  description: 'All about calm',
  systemPrompt: 'You watch nothing.',
  keywords: ['latency'],
  snapshot: () => ({ figure: 1 }),
  callbacks: {},
  checks: [{ id: 'calm.trouble', when: () => undefined, investigate: 'return 1', conclude: () => undefined }],
});

const worldOf = (skills: readonly Skill[]): World => createWorld(scripted([]), skills);

async function investigate(skills: readonly Skill[], reason: string): Promise<InvestigationResult> {
  const world = worldOf(skills);
  const launcher = new MessageChannel();
  serveHost(launcher.port1, world.host);
  const operators = skills.map(({ id }) => world.spec({ name: id, model: triage() }));
  const coordinator = await world.host.start(
    {
      id: 'coordinator',
      module: new URL('../../../src/coordinator/coordinator.ts', import.meta.url).href,
      exportName: 'createCoordinator',
      input: asJson({ operators, model: triage(), limits: defaultCoordinatorLimits }) as JsonObject,
      restart: 'temporary',
      placement: 'local',
    },
    { launcher: launcher.port2 },
  );
  const command = { type: 'coordinator.run', request: { reason } };
  return (await coordinator.ask(command, { timeoutMs: 60_000 })) as unknown as InvestigationResult;
}

test('an operator run finds, proves and reports without any language model', async () => {
  const skill = sick({
    id: 'cpu',
    keywords: [],
    check: { conclude: () => conclusion({ severity: 'critical' }) },
  });
  const result = await worldOf([skill]).run({ spec: { name: 'cpu', model: triage() } });
  expect(result).toMatchObject({
    status: 'completed',
    state: 'critical',
    usage: { inputTokens: 0, outputTokens: 0 },
  });
  expect(result.notifications).toMatchObject([
    { type: 'cpu.trouble', subjects: [render], snapshots: [{ data: { figure: 9 } }] },
  ]);
});

test('incomplete evidence is reported first and completed in the same run', async () => {
  const conclude: Sick['check']['conclude'] = (evidence) =>
    Number((evidence as JsonObject).looks) < 3
      ? conclusion({ observation: 'Main is in a native call.', subjects: [], againAfterMs: 10 })
      : conclusion({});
  const skill = sick({ id: 'cpu', keywords: [], check: { conclude } });
  const result = await worldOf([skill]).run({ spec: { name: 'cpu', model: triage() } });
  expect(result.status).toBe('completed');
  expect(result.notifications.map(({ subjects }) => subjects)).toEqual([[], [render]]);
});

test('two operators that blame one function give one grounded insight with its place', async () => {
  const cpu = sick({ id: 'cpu', keywords: ['latency'], check: { conclude: () => conclusion({}) } });
  const gc = sick({
    id: 'gc',
    keywords: ['memory'],
    check: {
      conclude: () => conclusion({ observation: 'renderPage allocated 90 % of 200 MB per second.' }),
      explains: ['cpu.trouble'],
    },
  });
  const result = await investigate([cpu, gc, healthy], 'latency is high');
  expect(result).toMatchObject({ status: 'completed', usage: { inputTokens: 0 } });
  expect(result.operators.map(({ operator, status }) => [operator, status]).toSorted()).toEqual([
    ['calm', 'completed'],
    ['cpu', 'completed'],
    ['gc', 'completed'],
  ]);
  expect(result.insights).toMatchObject([
    { correlationType: 'causal', hypothesisGrounded: true, confidence: 'high', subjects: [render] },
  ]);
  expect(result.insights[0]?.rootCauseHypothesis).toContain('renderPage (src/view.js:7)');
  expect(result.insights[0]?.notificationIds).toHaveLength(2);
});

test('a healthy service gives a completed result without insights', async () => {
  const result = await investigate([healthy], 'is it slow?');
  expect(result).toMatchObject({ status: 'completed', insights: [], notifications: [] });
});
