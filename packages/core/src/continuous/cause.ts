// What may wake a continuous operator: a check of its skill that fires, or an anomaly of one of its metrics. Pure.
import type { CheckFinding } from '../check-finding.ts';
import type { JsonObject } from '../json.ts';
import type { Anomaly } from '../telemetry/continuous-events.ts';

export interface Cause {
  /** The check's, or `anomaly:<metric>`. */
  readonly id: string;
  readonly kind: 'check' | 'anomaly';
  /** Tells two of one id apart: a check that fires for another logger or peer is news. */
  readonly key: string;
  /** Figures by name; when one grows, it has become worse. */
  readonly figures: Readonly<Record<string, number>>;
}

/** A skill that cannot tell how it is deserves a look. */
export const SNAPSHOT_FAILED: Cause = {
  id: 'snapshot.failed',
  kind: 'check',
  key: 'snapshot.failed',
  figures: {},
};

/** Of one text in a key; longer ones are sentences, which differ without meaning anything else. */
const NAME_CHARS = 80;

export const causeOfCheck = ({ checkId, finding }: CheckFinding): Cause => ({
  id: checkId,
  kind: 'check',
  key: [checkId, ...namesIn(finding)].join('|'),
  figures: Object.fromEntries(
    Object.entries(finding).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  ),
});

export const causeOfAnomaly = ({ metric, deviation }: Anomaly): Cause => ({
  id: `anomaly:${metric}`,
  kind: 'anomaly',
  key: `anomaly:${metric}`,
  figures: { deviation: Math.abs(deviation) },
});

const namesIn = (finding: JsonObject): string[] =>
  Object.values(finding).filter(
    (value): value is string => typeof value === 'string' && value.length <= NAME_CHARS,
  );
