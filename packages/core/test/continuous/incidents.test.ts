// What opens an incident, what joins it, and when it is over.
import { expect, test } from 'vitest';
import type { IncidentEvent } from '../../src/telemetry/incident-events.ts';
import {
  explained,
  failed,
  finished,
  found,
  foundIn,
  HOUR,
  lab,
  off,
  over,
  refused,
  retold,
  START_MS,
  type Story,
  subject,
  triggered,
  usual,
} from './incident-lab.ts';

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
  expect(retold(news)).toEqual({ lines, timers: 0 });
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
  expect(incident).toMatchObject({ id: '#1', severity: 'critical', startedAtMs: START_MS });
  expect(kept()[0]?.findings).toHaveLength(100);
  for (const event of told) {
    const line = event.type === 'incident.updated' ? event.what : event.incident.title;
    expect(line.length).toBeLessThanOrEqual(200);
    expect(line).not.toContain('hunter2secret');
  }
});

test('what is not written yet says so', () => {
  const { told, hear } = lab({ isKept: false });
  hear(found('heap.full'));
  hear(found('gc.slow'));
  expect(told).toMatchObject([{ stored: false }, { stored: false }]);
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
