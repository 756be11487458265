import { EventEmitter, once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { JsonObject, JsonValue } from '@nodelens/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { appFrame } from '../../src/app-frame.ts';
import { watchWarnings } from '../../src/vm-events/probe.ts';

interface Watched {
  readonly events: JsonObject[];
  readonly undo: () => void;
  /** What the probe answers. */
  readonly counts: () => JsonValue | undefined;
}

function watched(): Watched {
  const events: JsonObject[] = [];
  let answerer: ((question: JsonObject) => JsonValue) | undefined;
  const undo = watchWarnings({
    numbers: new Float64Array(0),
    answer: (given) => {
      answerer = given;
    },
    emit: (event) => void events.push(event),
  });
  onTestFinished(undo);
  return { events, undo, counts: () => answerer?.({}) };
}

const warn = async (warning: string | Error): Promise<void> => {
  const told = once(process, 'warning');
  process.emitWarning(warning as string);
  await told;
};

test('it takes back all that it added', () => {
  const before = process.listeners('warning');
  const { undo } = watched();
  expect(process.listeners('warning')).toHaveLength(before.length + 1);
  undo();
  expect(process.listeners('warning')).toEqual(before);
});

test('sizes are bounded, and an exception of the app stays in', async () => {
  const { events } = watched();
  await warn('x'.repeat(2_000));
  const odd = Object.assign(new Error('odd'), { name: 'MaxListenersExceededWarning' });
  await warn(
    Object.defineProperty(odd, 'emitter', {
      get() {
        throw new Error('from the app');
      },
    }),
  );
  expect(events).toHaveLength(1);
  expect(String(events[0]?.message)).toHaveLength(500);
  expect(JSON.stringify(events).length).toBeLessThan(1_500);
});

test.each([
  ['an emitter', () => new EventEmitter()],
  ['an event target', () => new EventTarget()],
])('%s that is warned about is counted on', async (_, make) => {
  const { events, counts } = watched();
  const target: EventEmitter | EventTarget = make();
  const add = (): unknown =>
    target instanceof EventEmitter ? target.on('x', () => {}) : target.addEventListener('x', () => {});
  const told = once(process, 'warning');
  for (let i = 0; i < 12; i += 1) add();
  await told;
  expect(events).toMatchObject([{ name: 'MaxListenersExceededWarning', event: 'x', listeners: 12 }]);
  add();
  expect(counts()).toEqual([{ id: 1, listeners: 13 }]);
});

test('an emitter is not kept alive', async () => {
  const { counts } = watched();
  await (async () => {
    const told = once(process, 'warning');
    const emitter = new EventEmitter();
    for (let i = 0; i < 12; i += 1) emitter.on('x', () => {});
    await told;
  })();
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  await vi.waitFor(() => {
    collect();
    expect(counts()).toEqual([{ id: 1, listeners: null }]);
  });
});

test('a flood has stacks of its first ones only', async () => {
  const { events } = watched();
  for (let i = 0; i < 40; i += 1) await warn('flood');
  expect(events).toHaveLength(40);
  expect(events.filter(({ frame }) => frame !== undefined).length).toBeLessThanOrEqual(20);
});

const lines = (...frames: string[]): string =>
  ['Warning: text', ...frames.map((f) => `    at ${f}`)].join('\n');

test.each<[string, string, object | undefined]>([
  [
    'the innermost of the app',
    lines(
      '_addListener (node:events:592:17)',
      'Feed.subscribe [as on] (file:///srv/a%20b.ts:12:5)',
      'x (/srv/c.js:1:1)',
    ),
    { name: 'subscribe', file: '/srv/a b.ts', line: 12, column: 5 },
  ],
  [
    'the app before its dependencies',
    lines('on (/srv/node_modules/lib/i.js:3:1)', 'new Shop (/srv/shop.js:7:2)'),
    { name: 'Shop', file: '/srv/shop.js', line: 7, column: 2 },
  ],
  [
    'a dependency where there is no other',
    lines('on (/srv/node_modules/lib/i.js:3:1)'),
    { name: 'on', file: '/srv/node_modules/lib/i.js', line: 3, column: 1 },
  ],
  ['never Nodelens', lines('f (/srv/node_modules/@nodelens/core/dist/x.js:3:1)'), undefined],
  [
    'one without a name',
    lines('async file:///srv/a.ts:4:2'),
    { name: '(anonymous)', file: '/srv/a.ts', line: 4, column: 2 },
  ],
  ['none of Node alone', lines('emit (node:events:1:1)', '<anonymous>:1:1'), undefined],
])('of a stack it takes %s', (_, stack, frame) => {
  expect(appFrame(stack, 'text')).toEqual(frame);
});

test('a message that looks like frames names nobody', () => {
  const message = 'a\n    at evil (/srv/evil.js:1:1)';
  expect(appFrame(`Warning: ${message}\n    at real (/srv/real.js:2:2)`, message)?.name).toBe('real');
});
