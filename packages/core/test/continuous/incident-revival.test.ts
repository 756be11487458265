// Incidents that are open when a life ends: of the recorder thread, or of the process.
import { ManualClock } from '@nodelens/testing';
import { expect, test } from 'vitest';
import { asTold, type OpenIncident } from '../../src/continuous/incident.ts';
import { revived, takenUp, toResume } from '../../src/continuous/incident-revival.ts';
import { createIncidentShelf } from '../../src/continuous/incident-shelf.ts';
import type { StoredIncident } from '../../src/recorder/store/stored-incident.ts';
import { createVaultMemory } from '../../src/recorder/store/vault.ts';
import {
  DAYS,
  finished,
  found,
  type Heard,
  HOUR,
  lab,
  off,
  over,
  START_MS,
  triggered,
  usual,
} from './incident-lab.ts';

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

const takenUpNow = ([told, resume]: ReturnType<typeof stored>): OpenIncident =>
  takenUp(told, { resume, nowMs: START_MS });

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

test('what main never heard of is opened again in the next life, under the same id; later it is told as any other', () => {
  const before = lab({ isHeard: false });
  before.hear(found('heap.full', 'warning', 'keep'));
  before.hear(found('heap.full', 'warning', 'keep'));
  const rows = before.kept().map(stored);
  const after = lab();
  after.takeUp(rows.map(takenUpNow));
  after.hear(found('heap.full', 'warning', 'keep'));
  after.hear(found('gc.slow', 'warning', 'keep'));
  expect(after.lines).toEqual([
    '0 #1 opened warning: heap.full is warning (keep)',
    '0 #1 finding warning: gc.slow is warning (keep) | heap.full is warning (keep)',
  ]);

  const metrics = lab({ isHeard: false });
  metrics.hear(off('heap'));
  metrics.hear(triggered('a'));
  const last = lab();
  last.takeUp(metrics.kept().map((one) => takenUpNow(stored(one))));
  last.hear(off('heap'));
  last.hear(triggered('b'));
  expect(last.lines).toEqual(['0 #1 opened warning: heap is off.']);
});
