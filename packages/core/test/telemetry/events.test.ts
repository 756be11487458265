import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createEmitter } from '../../src/telemetry/emit.ts';
import { channelOf, eventDocs, type LensEventType } from '../../src/telemetry/events.ts';

test('docs/telemetry.md lists every event with its channel, and no other', async () => {
  const page = await readFile(new URL('../../../../docs/telemetry.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z_.]+)` +\| `([a-z_:]+)` +\| (.+?) +\|$/gm)];
  const listed = rows.map(([, type, channel, when]) => [type, channel, when]);
  const known = Object.entries(eventDocs).map(([type, when]) => [
    type,
    channelOf(type as LensEventType),
    when,
  ]);
  expect(listed.toSorted()).toEqual(known.toSorted());
});

test('a listener hears its own kind only, and nothing after its undo', () => {
  const emitter = createEmitter();
  const heard: string[] = [];
  const undo = emitter.on('operator.started', ({ operator }) => heard.push(operator));
  const started = (operator: string) => ({
    type: 'operator.started' as const,
    investigationId: 'a',
    operator,
  });
  emitter.emit(started('one'));
  emitter.emit({ type: 'investigation.started', investigationId: 'a', reason: 'x' });
  undo();
  emitter.emit(started('two'));
  expect(heard).toEqual(['one']);
});
