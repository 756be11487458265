import { expect, test } from 'vitest';
import { createAnomalyDetector } from '../../../src/recorder/anomaly/anomaly-detector.ts';
import { createBaselineShelf } from '../../../src/recorder/anomaly/baseline-shelf.ts';
import { emptyDetector } from '../../../src/recorder/anomaly/detector.ts';
import { fromKept, toKept } from '../../../src/recorder/anomaly/kept.ts';
import { createDatabase } from '../../../src/recorder/store/database.ts';
import { temporaryFolder } from '../store-kit.ts';
import { DAY, HOUR, MINUTE, START, wobble } from './series.ts';

const settings = { sampleEveryMs: MINUTE };

const sampleAt = (ms: number) => ({
  skill: 'shop',
  atMs: START + ms,
  data: {
    depth: 100 + 5 * wobble(ms) + (ms >= 4 * DAY + HOUR ? 80 : 0),
    sentTotal: Math.floor(ms / 100) + (ms >= 4 * DAY + HOUR ? (ms - 4 * DAY) / 5 : 0),
  },
});

test('a detector that was kept and opened goes on as one that never ended', () => {
  const whole = createAnomalyDetector(settings);
  let parted = createAnomalyDetector(settings);
  const [told, toldInParts] = [[], []] as [object[], object[]];
  for (let ms = 0; ms < 4 * DAY + 2 * HOUR; ms += MINUTE) {
    if (ms % (20 * HOUR) === 0)
      parted = createAnomalyDetector(settings, fromKept(JSON.parse(JSON.stringify(toKept(parted.state)))));
    told.push(...whole.observe(sampleAt(ms)));
    toldInParts.push(...parted.observe(sampleAt(ms)));
  }
  expect(told).toHaveLength(3);
  expect(toldInParts).toMatchObject([
    { type: 'anomaly.learned', metrics: 2 },
    { anomaly: { metric: 'depth' } },
    { anomaly: { metric: 'sentTotalPerSecond' } },
  ]);
});

test('what is damaged, or of another version, is told and learned anew', () => {
  const database = createDatabase({ directory: temporaryFolder(), onMovedAside: expect.fail });
  const warnings: string[] = [];
  const shelf = createBaselineShelf({
    database,
    service: 'shop.js',
    now: Date.now,
    onWarning: (message) => warnings.push(message),
  });
  expect(shelf.read()).toBeUndefined();
  shelf.write(emptyDetector);
  expect(shelf.read()).toMatchObject({ isLearned: false });
  for (const body of ['{', JSON.stringify({ ...toKept(emptyDetector), version: 2 })]) {
    database.use('a test', (db) => db.prepare('UPDATE baselines SET body = ?').run(body));
    expect(shelf.read()).toBeUndefined();
  }
  expect(warnings).toHaveLength(2);
  database.close();
});
