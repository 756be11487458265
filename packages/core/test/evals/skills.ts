// Skills with fixed snapshots: each is a situation of a service, and its prompt says what is normal in it.
import type { JsonObject } from '../../src/json.ts';
import { defineSkill, type Skill } from '../../src/skill.ts';

interface Situation {
  readonly id: string;
  readonly about: string;
  readonly rules: string;
  readonly snapshot: JsonObject;
  /** Callbacks by the end of their names, with what they answer. */
  readonly callbacks?: { readonly [name: string]: JsonObject };
}

function situation({ id, about, rules, snapshot, callbacks = {} }: Situation): Skill {
  return defineSkill({
    id,
    title: about,
    description: about,
    systemPrompt: `You watch ${about}.\n\nWHAT MATTERS\n${rules}\n\nNORMAL, do not report\n- Figures within these limits.`,
    snapshot: () => snapshot,
    callbacks: Object.fromEntries(
      Object.entries(callbacks).map(([name, value]) => [
        `${id}_${name}`,
        { description: `${name} of ${about}.`, run: () => value },
      ]),
    ),
  });
}

const VM_RULES = `- memoryUsedPercent above 70: memory is short.
- handlesPercent above 70: handles are short.
- runQueue above 8 (the number of cores): the machine is overloaded.`;

export const healthyVm: Skill = situation({
  id: 'vm',
  about: 'the health of the process: memory, handles, run queue',
  rules: VM_RULES,
  snapshot: { memoryUsedPercent: 45, handlesPercent: 10, runQueue: 0, cores: 8 },
});

export const elevatedVm: Skill = situation({
  id: 'vm',
  about: 'the health of the process: memory, handles, run queue',
  rules: VM_RULES,
  snapshot: { memoryUsedPercent: 78.5, handlesPercent: 20, runQueue: 15, cores: 8 },
  callbacks: {
    memory: { largest: 'sessionCache', mb: 700 },
    top_functions: { hottest: 'render', share: 0.6 },
    handles: { sockets: 40 },
    queues: { waiting: 3 },
    gc: { pauseShare: 0.02 },
  },
});

export const mustNotify: Skill = situation({
  id: 'memory',
  about: 'the memory of the process',
  rules: '- memoryUsedPercent above 80: it must be reported at once, there is nothing else to look at.',
  snapshot: { memoryUsedPercent: 85, memoryUsedMb: 870, memoryLimitMb: 1_024 },
});

const POSTGRES_RULES = '- slowQueries above 3 of one source within a minute: report the source.';

export const idleDatabase: Skill = situation({
  id: 'postgres',
  about: 'queries of the process to PostgreSQL',
  rules: POSTGRES_RULES,
  snapshot: { queries: 0, slowQueries: 0 },
});

export const slowDatabase: Skill = situation({
  id: 'postgres',
  about: 'queries of the process to PostgreSQL',
  rules: POSTGRES_RULES,
  snapshot: { queries: 10, slowQueries: 10, slowestMs: 500, source: 'orders.listByCustomer' },
});

const EXCEPTION_RULES = '- sameErrors above 5 within a minute: report the error with its place.';

export const noExceptions: Skill = situation({
  id: 'exceptions',
  about: 'errors that nobody caught',
  rules: EXCEPTION_RULES,
  snapshot: { errors: 0, sameErrors: 0 },
});

export const databaseTimeouts: Skill = situation({
  id: 'exceptions',
  about: 'errors that nobody caught',
  rules: EXCEPTION_RULES,
  snapshot: {
    errors: 10,
    sameErrors: 10,
    message: 'timeout of 5000 ms exceeded while connecting to the database',
    stack:
      'Error: timeout\n    at Pool.connect (/app/src/db.js:42:11)\n    at checkout (/app/src/orders.js:88:5)',
  },
});

export const logs: Skill = situation({
  id: 'logger',
  about: 'what the process logs: errors and warnings',
  rules: '- errorsPerMinute above 10: report it.',
  snapshot: { errorsPerMinute: 0 },
});

export const runtimeInfo: Skill = situation({
  id: 'system',
  about: 'the machine: operating system, load, disks',
  rules: '- loadPerCore above 1: report it.',
  snapshot: { os: 'Linux 6.8', loadPerCore: 0.2 },
});
