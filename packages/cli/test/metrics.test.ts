import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isError, type MetricsSample } from '@nodelens/core';
import { expect, test } from 'vitest';
import { readSamples } from '../src/metrics-file.ts';
import { nodelens, packageFile, runtimeFolder, startNode, startNodelens } from './processes.ts';

const line = (at: unknown, data: unknown = { depth: 1 }, skill: unknown = 'queue'): string =>
  JSON.stringify({ at, skill, data });

async function allOf(samples: AsyncIterable<MetricsSample>): Promise<readonly MetricsSample[]> {
  const all: MetricsSample[] = [];
  for await (const sample of samples) all.push(sample);
  return all;
}

const broken: readonly [string, readonly string[], RegExp][] = [
  ['what is not JSON', [line(1), '{'], /line 2: it is not JSON/],
  ['a list', ['[]'], /line 1: "at" must be/],
  ['a time that is none', [line('noon')], /line 1: "at" must be/],
  ['no skill', [line(1, {}, 7)], /line 1: "skill" must be/],
  ['data that is no object', [line(1, 7)], /line 1: "data" must be/],
  ['times that go back', [line(2), '', line(1)], /line 3: "at" is before/],
];
test.each(broken)('%s is refused with its line', async (_, lines, says) => {
  const file = join(await runtimeFolder(), 'metrics.jsonl');
  await writeFile(file, lines.join('\n'));
  const error: unknown = await allOf(readSamples(file)).catch((reason: unknown) => reason);
  expect(isError(error, 'metrics_invalid') && error.message).toMatch(says);
});

test('replay tells what the detector would have said, as text and as JSON', async () => {
  const file = join(await runtimeFolder(), 'metrics.jsonl');
  const start = Date.UTC(2026, 10, 2);
  const lines = Array.from({ length: 480 }, (_, n) =>
    line(new Date(start + n * 30_000).toISOString(), { depth: n >= 360 && n < 420 ? 90 : 10 + (n % 5) }),
  );
  await writeFile(file, `${lines.join('\n')}\n`);

  const text = await nodelens(['replay', file, '--learn', '1h']);
  expect(text).toMatchObject({ code: 0, stderr: '' });
  expect(text.stdout.split('\n')).toEqual([
    '2026-11-02T01:00:30.000Z learned  1 metric in 60 min 30 s',
    expect.stringMatching(/^2026-11-02T03:01:00.000Z anomaly {2}queue.depth is 90, usually 12 \(/),
    '2026-11-02T03:31:00.000Z ended    queue.depth after 31 min 0 s',
    '480 samples: 1 anomaly in 1 incident',
    '',
  ]);

  const json = await nodelens(['replay', file, '--learn', '1h', '--consecutive', '100', '--json']);
  expect(
    json.stdout
      .trimEnd()
      .split('\n')
      .map((one) => JSON.parse(one)),
  ).toMatchObject([
    { type: 'anomaly.learned', at: '2026-11-02T01:00:30.000Z' },
    { type: 'replay.finished', samples: 480, anomalies: 0, incidents: 0 },
  ]);
});

test('record writes a line for each skill until the process ends; a file that is not there is an error', async () => {
  const folder = await runtimeFolder();
  const env = { NODELENS_RUNTIME_DIR: folder };
  const out = join(folder, 'metrics.jsonl');
  const service = startNode(
    ['--conditions=@nodelens/source', packageFile('test/fixtures/control-process.ts')],
    { env },
  );
  await service.seen('ready');
  const recording = startNodelens(['record', '--pid', `${service.pid}`, '--out', out, '--every', '50ms'], {
    env,
  });
  await recording.seen('records');
  service.child.kill('SIGKILL');
  expect((await recording.outcome).code).toBe(0);
  const [first] = await allOf(readSamples(out));
  expect(first).toMatchObject({ skill: expect.any(String), data: expect.any(Object) });
  expect((await readFile(out, 'utf8')).endsWith('\n')).toBe(true);

  expect(await nodelens(['replay', `${out}.gone`])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/The option "file" is invalid: ENOENT/),
  });
});

test('record says which file it cannot write', async () => {
  const folder = await runtimeFolder();
  const env = { NODELENS_RUNTIME_DIR: folder };
  const service = startNode(
    ['--conditions=@nodelens/source', packageFile('test/fixtures/control-process.ts')],
    { env },
  );
  await service.seen('ready');
  const out = join(folder, 'gone', 'metrics.jsonl');
  expect(await nodelens(['record', '--pid', `${service.pid}`, '--out', out], { env })).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/The option "--out" is invalid: ENOENT.*metrics\.jsonl/),
  });
});
