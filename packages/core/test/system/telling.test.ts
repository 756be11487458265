// What the recorder thread tells reaches whoever started the system, however early it was told.
import { expect, test } from 'vitest';
import type { MainNews } from '../../src/system/recorder-init.ts';
import { createTelling } from '../../src/system/telling.ts';
import { incident } from '../recorder/store-kit.ts';

test('what comes before anybody could listen is told after that, and only then heard', async () => {
  const posted: MainNews[] = [];
  const { promise: heard, resolve } = Promise.withResolvers<void>();
  const telling = createTelling({ heard, post: (news) => void posted.push(news) });
  const opened = { type: 'incident.opened', incident: incident(1) } as const;
  telling.receive({ type: 'event', event: opened });
  telling.receive({
    type: 'event',
    event: { type: 'main.stalled', startedAtMs: 1, durationMs: 200, kind: 'javascript' },
  });
  await Promise.resolve();
  expect(posted).toEqual([]);
  const told: string[] = [];
  telling.on('*', ({ type }) => told.push(type));
  resolve();
  await heard;
  expect(told).toEqual(['incident.opened', 'main.stalled']);
  expect(posted).toEqual([{ type: 'incident.heard', id: incident(1).id }]);
});
