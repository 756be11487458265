// Incidents over the hours of a clock that the test moves: what opens one, what joins it, and when it is over.
import { ManualClock } from '@nodelens/testing';
import { expect, test } from 'vitest';
import {
  asTold,
  defaultIncidentRules,
  type IncidentRules,
  type OpenIncident,
} from '../../src/continuous/incident.ts';
import { revived, takenUp, toResume } from '../../src/continuous/incident-revival.ts';
import { createIncidentShelf } from '../../src/continuous/incident-shelf.ts';
import { watchIncidents } from '../../src/continuous/incident-watch.ts';
import type { Incidents } from '../../src/continuous/incidents.ts';
import type { Insight } from '../../src/coordinator/insight.ts';
import type { Notification } from '../../src/operator/notification.ts';
import type { StoredIncident } from '../../src/recorder/stored-incident.ts';
import { createVaultMemory } from '../../src/recorder/vault.ts';
import type { Severity, Subject } from '../../src/skill.ts';
import type { LensEvent } from '../../src/telemetry/events.ts';
import type { IncidentEvent } from '../../src/telemetry/incident-events.ts';

const MINUTE_MS = 60_000;
const HOUR = 60;

interface Heard {
  readonly event: LensEvent;
  readonly isResident: boolean;
}

const subject = (name: string): Subject => ({ kind: 'function', name, file: `/app/${name}.ts` });

let count = 0;
const notification = (
  investigationId: string,
  [type = '', severity = 'warning', ...names]: readonly string[],
): Notification => ({
  id: `n${++count}`,
  investigationId,
  operator: type.split('.')[0] ?? '',
  type,
  severity: severity as Severity,
  context: '',
  observation: `${type} is\n${severity}.`,
  subjects: names.map(subject),
  snapshots: [],
  detectedAt: '2026-03-02T12:00:00.000Z',
  process: { hostname: 'host', pid: 1 },
});

/** A continuous operator reports: type, severity, functions. */
const found = (...what: string[]): Heard => {
  const told = notification('resident', what);
  const { operator } = told;
  return {
    event: { type: 'operator.notification', investigationId: 'resident', operator, notification: told },
    isResident: true,
  };
};

/** An operator in an investigation does. */
const foundIn = (id: string, ...what: string[]): Heard => {
  const told = notification(id, what);
  const { operator } = told;
  return {
    event: { type: 'operator.notification', investigationId: id, operator, notification: told },
    isResident: false,
  };
};

const over = (type: string, ...names: string[]): Heard => ({
  event: {
    type: 'finding.resolved',
    investigationId: 'resident',
    operator: type.split('.')[0] ?? '',
    notificationId: 'n',
    findingType: type,
    subjects: names.map(subject),
    lastedMs: 1,
  },
  isResident: true,
});

const triggered = (id: string, by: 'anomaly' | 'schedule' = 'anomaly'): Heard => ({
  event: {
    type: 'investigation.triggered',
    by,
    reason: 'heap is off.',
    isStarted: true,
    investigationId: id,
  },
  isResident: false,
});

const refused: Heard = {
  event: { type: 'investigation.triggered', by: 'anomaly', reason: 'heap is off.', isStarted: false },
  isResident: false,
};

const failed = (id: string): Heard => ({
  event: {
    type: 'investigation.triggered',
    by: 'anomaly',
    reason: 'heap is off.',
    isStarted: false,
    investigationId: id,
    error: { name: 'NodelensError', message: 'no memory' },
  },
  isResident: false,
});

const off = (metric: string): Heard => ({
  event: {
    type: 'anomaly.detected',
    anomaly: { skill: 'gc', metric, value: 9, expected: 1, deviation: 8, sinceMs: 0 },
  },
  isResident: false,
});

const usual = (metric: string): Heard => ({
  event: { type: 'anomaly.ended', skill: 'gc', metric, lastedMs: 1 },
  isResident: false,
});

const finished = (id: string): Heard => ({
  event: { type: 'investigation.finished', investigationId: id } as LensEvent,
  isResident: false,
});

const explained = (id: string, more: Partial<Insight> = {}): Heard => ({
  event: {
    type: 'insight.produced',
    investigationId: id,
    insight: {
      id: 'i',
      investigationId: id,
      notificationIds: [],
      correlationType: 'causal',
      summary: 'The heap grows.',
      matchedObservations: [],
      hypothesisGrounded: true,
      rootCauseHypothesis: 'keep() never forgets.',
      confidence: 'medium',
      subjects: [subject('keep')],
      createdAt: '2026-03-02T12:00:00.000Z',
      ...more,
    },
  },
  isResident: false,
});

/** `5 opened warning: heap.full is warning.`: the minute, what, and the title; of an update, what has joined. */
function lineOf(event: IncidentEvent, minute: number): string {
  const { id, severity, title } = event.incident;
  switch (event.type) {
    case 'incident.opened':
      return `${minute} ${id} opened ${severity}: ${title}`;
    case 'incident.updated':
      return `${minute} ${id} ${event.why} ${severity}: ${event.what} | ${title}`;
    case 'incident.closed':
      return `${minute} ${id} closed ${event.why} after ${event.lastedMs / MINUTE_MS}`;
    default:
      return event satisfies never;
  }
}

const START_MS = Date.UTC(2026, 2, 2);

interface LabOptions {
  readonly open?: Incidents;
  readonly rules?: Partial<IncidentRules>;
  readonly clock?: ManualClock;
  readonly isKept?: boolean;
  readonly id?: () => string;
  /** Where what is told is written. */
  readonly lines?: string[];
}

function lab(options: LabOptions = {}) {
  const { open = [], rules, clock = new ManualClock(START_MS), isKept = true, lines = [] } = options;
  let ids = 0;
  const id = options.id ?? ((): string => `#${++ids}`);
  const minute = (): number => (clock.now() - START_MS) / MINUTE_MS;
  const told: IncidentEvent[] = [];
  let kept: Incidents = open;
  const watch = watchIncidents({
    clock,
    ids: id,
    tell(event) {
      told.push(event as IncidentEvent);
      lines.push(lineOf(event as IncidentEvent, minute()));
    },
    keep: ({ incidents }) => {
      kept = incidents;
      return isKept;
    },
    open,
    rules: { ...defaultIncidentRules, ...rules },
  });
  const at = (when: number): void => clock.advance(START_MS + when * MINUTE_MS - clock.now());
  const hear = ({ event, isResident }: Heard): void =>
    isResident ? watch.hearResident(event) : watch.hear(event);
  return { ...watch, clock, lines, told, at, hear, kept: () => kept };
}

type Story = readonly [name: string, news: readonly (readonly [number, Heard])[], lines: readonly string[]];

const DAYS = 3 * 24 * HOUR;

const stories: readonly Story[] = [
  [
    'one finding is opened once, and closed a quarter of an hour after it is over',
    [
      [1, found('heap.full')],
      [20, over('heap.full')],
    ],
    ['1 #1 opened warning: heap.full is warning.', '35 #1 closed over after 19'],
  ],
  [
    'findings of several operators are one; it goes on until the last of them is over',
    [
      [1, found('heap.full')],
      [2, found('gc.slow')],
      [30, over('heap.full')],
      [90, over('gc.slow')],
    ],
    [
      '1 #1 opened warning: heap.full is warning.',
      '2 #1 finding warning: gc.slow is warning. | heap.full is warning.',
      '105 #1 closed over after 89',
    ],
  ],
  [
    'what is worse is told as such, and gives the title',
    [
      [1, found('heap.full')],
      [2, found('gc.slow', 'critical')],
      [3, found('heap.full', 'critical')],
      [4, over('gc.slow')],
      [5, over('heap.full')],
    ],
    [
      '1 #1 opened warning: heap.full is warning.',
      '2 #1 severity critical: gc.slow is critical. | gc.slow is critical.',
      '3 #1 finding critical: heap.full is critical. | gc.slow is critical.',
      '20 #1 closed over after 4',
    ],
  ],
  [
    'a hint opens none and keeps none open, but joins',
    [
      [1, found('log.odd', 'info')],
      [2, found('heap.full')],
      [3, found('log.odd', 'info')],
      [4, over('heap.full')],
    ],
    [
      '2 #1 opened warning: heap.full is warning.',
      '3 #1 finding warning: log.odd is info. | heap.full is warning.',
      '19 #1 closed over after 2',
    ],
  ],
  [
    'what comes back before it was quiet for long enough is the same, later it is another',
    [
      [0, found('heap.full')],
      [5, over('heap.full')],
      [19, found('heap.full')],
      [20, over('heap.full')],
      [35, found('heap.full')],
      [36, over('heap.full')],
    ],
    [
      '0 #1 opened warning: heap.full is warning.',
      '19 #1 finding warning: heap.full is warning. | heap.full is warning.',
      '35 #1 closed over after 20',
      '35 #2 opened warning: heap.full is warning.',
      '51 #2 closed over after 1',
    ],
  ],
  [
    'an investigation of the detector opens one; what it finds twice is told once; its insight names the cause',
    [
      [0, triggered('a')],
      [1, found('heap.full', 'warning', 'keep')],
      [2, foundIn('a', 'heap.full', 'warning', 'keep')],
      [2, foundIn('a', 'gc.slow')],
      [3, explained('a')],
      [4, explained('a', { confidence: 'low', rootCauseHypothesis: 'Something of keep.' })],
      [5, finished('a')],
      [6, over('heap.full', 'keep')],
    ],
    [
      '0 #1 opened warning: heap is off.',
      '1 #1 finding warning: heap.full is warning (keep) | heap.full is warning (keep)',
      '2 #1 finding warning: gc.slow is warning. | heap.full is warning (keep)',
      '3 #1 insight warning: keep() never forgets. | keep() never forgets.',
      '4 #1 insight warning: Something of keep. | keep() never forgets.',
      '21 #1 closed over after 6',
    ],
  ],
  [
    'one that found nothing, or could not be run, is over as well',
    [
      [0, triggered('a')],
      [10, finished('a')],
      [12, triggered('b')],
      [13, failed('b')],
    ],
    ['0 #1 opened warning: heap is off.', '28 #1 closed over after 13'],
  ],
  [
    'it is not over while a metric is off: the one that it began with, one that followed, but none of long before',
    [
      [0, off('old')],
      [30, off('pauses')],
      [30, off('short')],
      [30, usual('short')],
      [30, triggered('a')],
      [31, finished('a')],
      [32, off('heap')],
      [50, found('log.odd')],
      [51, over('log.odd')],
      [90, usual('pauses')],
      [120, usual('heap')],
    ],
    [
      '30 #1 opened warning: heap is off.',
      '50 #1 finding warning: log.odd is warning. | log.odd is warning.',
      '135 #1 closed over after 90',
    ],
  ],
  [
    'a metric with a new level, off for a day, hides what else goes wrong for no more than an hour',
    [
      [0, off('heap')],
      [0, triggered('a')],
      [1, finished('a')],
      [61, found('http.slow')],
      [62, over('http.slow')],
      [70, usual('heap')],
    ],
    [
      '0 #1 opened warning: heap is off.',
      '61 #2 opened warning: http.slow is warning.',
      '77 #2 closed over after 1',
      '85 #1 closed over after 70',
    ],
  ],
  [
    'a guess is no title',
    [
      [0, triggered('a')],
      [1, explained('a', { hypothesisGrounded: false })],
      [2, finished('a')],
    ],
    [
      '0 #1 opened warning: heap is off.',
      '1 #1 insight warning: The heap grows (keep) | The heap grows (keep)',
      '17 #1 closed over after 2',
    ],
  ],
  [
    'what is worse than what an insight explained takes its place in the title',
    [
      [0, triggered('a')],
      [1, explained('a')],
      [2, finished('a')],
      [3, found('runtime.blocked', 'critical')],
      [4, over('runtime.blocked')],
    ],
    [
      '0 #1 opened warning: heap is off.',
      '1 #1 insight warning: keep() never forgets. | keep() never forgets.',
      '3 #1 severity critical: runtime.blocked is critical. | runtime.blocked is critical.',
      '19 #1 closed over after 4',
    ],
  ],
  [
    'what a person or a schedule asked for belongs to none, nor does what was refused',
    [
      [0, triggered('s', 'schedule')],
      [1, refused],
      [1, foundIn('s', 'heap.full', 'critical')],
      [2, explained('s')],
      [3, foundIn('p', 'heap.full', 'critical')],
      [4, finished('p')],
    ],
    [],
  ],
  [
    'six hours later what is new is another one, unless it is about the same, or is known',
    [
      [0, found('heap.full', 'warning', 'keep')],
      [6 * HOUR, found('http.slow', 'critical', 'serve')],
      [6 * HOUR + 1, found('gc.slow', 'warning', 'keep')],
      [6 * HOUR + 2, found('heap.full', 'warning', 'keep')],
      [7 * HOUR, over('http.slow', 'serve')],
      [8 * HOUR, over('heap.full', 'keep')],
      [8 * HOUR, over('gc.slow', 'keep')],
    ],
    [
      '0 #1 opened warning: heap.full is warning (keep)',
      '360 #2 opened critical: http.slow is critical (serve)',
      '361 #1 finding warning: gc.slow is warning (keep) | heap.full is warning (keep)',
      '362 #1 finding warning: heap.full is warning (keep) | heap.full is warning (keep)',
      '435 #2 closed over after 60',
      '495 #1 closed over after 480',
    ],
  ],
  [
    'what never ends is closed after a day, and raised again when it is reported again',
    [
      [0, found('heap.full')],
      [HOUR, found('heap.full')],
      [25 * HOUR, found('heap.full')],
      [25 * HOUR + 1, over('heap.full')],
    ],
    [
      '0 #1 opened warning: heap.full is warning.',
      '60 #1 finding warning: heap.full is warning. | heap.full is warning.',
      '1440 #1 closed too_long after 1440',
      '1500 #2 opened warning: heap.full is warning.',
      '1516 #2 closed over after 1',
    ],
  ],
];
test.each(stories)('%s', (_, news, lines) => {
  const { clock, at, hear, lines: said } = lab();
  for (const [minute, one] of news) {
    at(minute);
    hear(one);
  }
  at(DAYS);
  expect(said).toEqual(lines);
  expect(clock.pending).toBe(0);
});

test('there is a timer only while one is open', () => {
  const { clock, at, hear, close } = lab();
  expect(clock.pending).toBe(0);
  hear(found('heap.full'));
  hear(found('gc.slow'));
  expect(clock.pending).toBe(1);
  hear(over('heap.full'));
  hear(over('gc.slow'));
  at(15);
  expect(clock.pending).toBe(0);
  hear(found('heap.full'));
  close();
  expect(clock.pending).toBe(0);
});

test('an incident has the ids of what belongs to it, and what it is about; all of it is bounded, without secrets', () => {
  const { told, hear, kept } = lab();
  hear(triggered('a'));
  for (let n = 0; n < 300; n++) hear(found(`heap.full${n}`, 'warning', `f${n}`));
  for (let n = 0; n < 30; n++) hear(triggered(`b${n}`));
  hear(foundIn('b29', 'log.leak', 'critical', `password=hunter2secret ${'x'.repeat(500)}`));
  hear(explained('b29', { subjects: [subject('keep')] }));
  const { incident } = told.at(-1) as IncidentEvent;
  expect(incident.notificationIds).toHaveLength(100);
  expect(incident.investigationIds).toHaveLength(20);
  expect(incident.investigationIds.at(-1)).toBe('b29');
  expect(incident.subjects).toHaveLength(20);
  expect(incident.subjects[0]).toEqual(subject('keep'));
  expect(incident).toMatchObject({ id: '#1', severity: 'critical', startedAtMs: Date.UTC(2026, 2, 2) });
  expect(kept()[0]?.findings).toHaveLength(100);
  for (const event of told) {
    const line = event.type === 'incident.updated' ? event.what : event.incident.title;
    expect(line.length).toBeLessThanOrEqual(200);
    expect(line).not.toContain('hunter2secret');
  }
});

test('after the thread has died, what its operators remember goes on as the same incident, and the rest ends', () => {
  const before = lab();
  before.hear(found('heap.full'));
  before.hear(found('gc.slow'));
  before.hear(triggered('a'));
  const memory = createVaultMemory();
  createIncidentShelf(memory).write([]);
  createIncidentShelf(memory).write(before.kept());
  const kept = createIncidentShelf(memory).read();
  expect(kept).toEqual(before.kept());

  const after = lab({ open: revived(kept, before.clock.now(), ({ operator }) => operator === 'heap') });
  expect(after.clock.pending).toBe(1);
  after.at(60);
  after.hear(found('http.slow'));
  after.hear(over('http.slow'));
  after.at(61);
  after.hear(over('heap.full'));
  after.at(DAYS);
  expect(after.lines).toEqual([
    '60 #1 finding warning: http.slow is warning. | heap.full is warning.',
    '76 #1 closed over after 61',
  ]);
});

const graveStories: readonly Story[] = [
  [
    'what is not grave enough is told when something as grave joins, with all of it',
    [
      [0, found('heap.full')],
      [5, found('gc.slow')],
      [7, found('runtime.blocked', 'critical')],
      [8, found('http.slow')],
      [9, over('runtime.blocked')],
      [10, over('heap.full')],
      [11, over('gc.slow')],
      [12, over('http.slow')],
    ],
    [
      '7 #1 opened critical: runtime.blocked is critical.',
      '8 #1 finding critical: http.slow is warning. | runtime.blocked is critical.',
      '27 #1 closed over after 12',
    ],
  ],
  [
    'what becomes worse, too; what an investigation finds as well',
    [
      [0, found('heap.full')],
      [5, found('heap.full', 'critical')],
      [6, over('heap.full')],
      [60, triggered('a')],
      [61, foundIn('a', 'gc.slow', 'critical')],
      [62, finished('a')],
    ],
    [
      '5 #1 opened critical: heap.full is critical.',
      '21 #1 closed over after 6',
      '61 #2 opened critical: gc.slow is critical.',
      '77 #2 closed over after 2',
    ],
  ],
  [
    'what never is that grave is never told, nor its end',
    [
      [0, found('heap.full')],
      [1, triggered('a')],
      [2, explained('a')],
      [3, finished('a')],
      [4, over('heap.full')],
    ],
    [],
  ],
];
test.each(graveStories)('of those who want only what is critical: %s', (_, news, lines) => {
  const { clock, at, hear, lines: said } = lab({ rules: { minSeverity: 'critical' } });
  for (const [minute, one] of news) {
    at(minute);
    hear(one);
  }
  at(DAYS);
  expect(said).toEqual(lines);
  expect(clock.pending).toBe(0);
});

test('how long it has to be quiet, and how long it may last, are settings', () => {
  const rules = { quietMs: 2 * MINUTE_MS, longestMs: 30 * MINUTE_MS };
  const { at, hear, lines } = lab({ rules });
  hear(found('heap.full'));
  at(1);
  hear(over('heap.full'));
  at(4);
  hear(found('heap.full'));
  at(DAYS);
  expect(lines).toEqual([
    '0 #1 opened warning: heap.full is warning.',
    '3 #1 closed over after 1',
    '4 #2 opened warning: heap.full is warning.',
    '34 #2 closed too_long after 30',
  ]);
});

test('what is not written yet says so', () => {
  const { told, hear } = lab({ isKept: false });
  hear(found('heap.full'));
  hear(found('gc.slow'));
  expect(told).toMatchObject([{ stored: false }, { stored: false }]);
});

/** Each news in the life of the process that it comes in; a new one begins where it says so. */
const NEXT_LIFE = 'next life';
type Lives = readonly [
  name: string,
  news: readonly (readonly [number, Heard | typeof NEXT_LIFE])[],
  lines: readonly string[],
];

const lives: readonly Lives[] = [
  [
    'what shows again is the same incident, and is over as any other',
    [
      [0, found('heap.full', 'warning', 'keep')],
      [60, NEXT_LIFE],
      [70, found('heap.full', 'warning', 'keep')],
      [80, over('heap.full', 'keep')],
    ],
    [
      '0 #1 opened warning: heap.full is warning (keep)',
      '70 #1 finding warning: heap.full is warning (keep) | heap.full is warning (keep)',
      '95 #1 closed over after 80',
    ],
  ],
  [
    'so it is when another operator finds the same culprit',
    [
      [0, found('heap.full', 'warning', 'keep')],
      [60, NEXT_LIFE],
      [61, found('gc.slow', 'warning', 'keep')],
      [62, over('gc.slow', 'keep')],
    ],
    [
      '0 #1 opened warning: heap.full is warning (keep)',
      '61 #1 finding warning: gc.slow is warning (keep) | heap.full is warning (keep)',
      '77 #1 closed over after 62',
    ],
  ],
  [
    'what does not show again in the quiet time of the new life is closed as restarted; it lasted until it was seen last',
    [
      [0, found('heap.full')],
      [10, found('gc.slow')],
      [60, NEXT_LIFE],
      [65, NEXT_LIFE],
    ],
    [
      '0 #1 opened warning: heap.full is warning.',
      '10 #1 finding warning: gc.slow is warning. | heap.full is warning.',
      '80 #1 closed restarted after 10',
    ],
  ],
  [
    'what is about something else is an alarm of its own',
    [
      [0, found('heap.full', 'warning', 'keep')],
      [60, NEXT_LIFE],
      [61, found('http.slow', 'warning', 'serve')],
      [62, over('http.slow', 'serve')],
    ],
    [
      '0 #1 opened warning: heap.full is warning (keep)',
      '61 #2 opened warning: http.slow is warning (serve)',
      '75 #1 closed restarted after 0',
      '77 #2 closed over after 1',
    ],
  ],
  [
    'a metric that is off again is the same, one that was not is another one',
    [
      [0, off('heap')],
      [0, triggered('a')],
      [60, NEXT_LIFE],
      [61, off('heap')],
      [61, triggered('b')],
      [62, finished('b')],
      [63, usual('heap')],
      [80, off('pauses')],
      [80, triggered('c')],
      [81, NEXT_LIFE],
      [82, off('heap')],
      [82, triggered('d')],
      [83, finished('d')],
      [84, usual('heap')],
    ],
    [
      '0 #1 opened warning: heap is off.',
      '78 #1 closed over after 63',
      '80 #2 opened warning: heap is off.',
      '82 #3 opened warning: heap is off.',
      '96 #2 closed restarted after 0',
      '99 #3 closed over after 2',
    ],
  ],
  [
    'what began more than a day ago is raised again',
    [
      [0, found('heap.full')],
      [23 * HOUR, NEXT_LIFE],
      [23 * HOUR + 1, found('heap.full')],
      [23 * HOUR + 2, NEXT_LIFE],
      [25 * HOUR, NEXT_LIFE],
      [25 * HOUR + 1, found('heap.full')],
      [25 * HOUR + 2, over('heap.full')],
    ],
    [
      '0 #1 opened warning: heap.full is warning.',
      '1381 #1 finding warning: heap.full is warning. | heap.full is warning.',
      '1397 #1 closed restarted after 1381',
      '1501 #2 opened warning: heap.full is warning.',
      '1517 #2 closed over after 1',
    ],
  ],
];
test.each(lives)('over a restart of the process: %s', (_, news, lines) => {
  const clock = new ManualClock(START_MS);
  let ids = 0;
  const id = (): string => `#${++ids}`;
  const said: string[] = [];
  let life = lab({ clock, id, lines: said });
  for (const [minute, one] of news) {
    life.at(minute);
    if (one !== NEXT_LIFE) {
      life.hear(one);
      continue;
    }
    life.close();
    const rows = life.kept().map(stored);
    life = lab({ clock, id, lines: said });
    life.takeUp(rows.map(([told, resume]) => takenUp(told, { resume, nowMs: clock.now() })));
  }
  life.at(DAYS);
  expect(said).toEqual(lines);
  expect(clock.pending).toBe(0);
});

const stored = (incident: OpenIncident): readonly [StoredIncident, string] => [
  { ...asTold(incident), updatedAtMs: incident.toldAtMs ?? 0, process: { hostname: 'host', pid: 1 } },
  toResume(incident),
];

test('what another version of Nodelens has left goes on by what was told of it', () => {
  const before = lab();
  before.hear(found('heap.full', 'critical', 'keep'));
  const [left] = before.kept().map(stored);
  if (left === undefined) throw new Error('nothing is open');
  const after = lab();
  after.takeUp([takenUp(left[0], { resume: '{"version":0}', nowMs: START_MS })]);
  after.hear(found('gc.slow', 'warning', 'keep'));
  expect(after.lines).toEqual([
    '0 #1 finding critical: gc.slow is warning (keep) | heap.full is critical (keep)',
  ]);
});

test('who is stopped for good tells the end of all that was told', () => {
  const { at, hear, stop, lines, clock } = lab();
  hear(found('heap.full'));
  at(10);
  hear(over('heap.full'));
  at(12);
  stop();
  expect(lines.at(-1)).toBe('12 #1 closed stopped after 10');
  hear(found('gc.slow'));
  at(20);
  stop();
  expect(lines.at(-1)).toBe('20 #2 closed stopped after 8');
  expect(clock.pending).toBe(0);
});
