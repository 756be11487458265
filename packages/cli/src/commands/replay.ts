// `nodelens replay`: what the anomaly detector would have said of recorded metrics.
import { type AnomalyEvent, type AnomalySettings, createAnomalyDetector } from '@nodelens/core';
import { type Colors, colorsFor } from '../colors.ts';
import { formatDuration } from '../duration.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { readSamples } from '../metrics-file.ts';
import { counted, plain } from '../text.ts';

export interface ReplayOptions {
  readonly settings: Partial<AnomalySettings>;
  /** One event a line, then one line `{ type: 'replay.finished', … }`. */
  readonly json: boolean;
}

/** @throws NodelensError `metrics_invalid`, `option_invalid` */
export async function replay(file: string, { settings, json }: ReplayOptions): Promise<ExitCode> {
  const detector = createAnomalyDetector(settings);
  const colors = colorsFor(process.stdout);
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const tally = { samples: 0, anomalies: 0, incidents: 0 };
  for await (const sample of readSamples(file)) {
    tally.samples += 1;
    const before = detector.incidentSinceMs;
    for (const event of detector.observe(sample)) {
      if (event.type === 'anomaly.detected') tally.anomalies += 1;
      print(json ? asJsonLine(sample.atMs, event) : asText(sample.atMs, event, colors));
    }
    if (detector.incidentSinceMs !== before) tally.incidents += 1;
  }
  print(json ? JSON.stringify({ type: 'replay.finished', ...tally }) : summary(tally));
  return exitCodes.ok;
}

const asJsonLine = (atMs: number, event: AnomalyEvent): string =>
  JSON.stringify({ at: new Date(atMs).toISOString(), ...event });

function asText(atMs: number, event: AnomalyEvent, colors: Colors): string {
  const at = colors.dim(new Date(atMs).toISOString());
  switch (event.type) {
    case 'anomaly.learned':
      return `${at} learned  ${counted(event.metrics, 'metric')} in ${formatDuration(event.learnedForMs)}`;
    case 'anomaly.detected': {
      const { skill, metric, value, expected, deviation } = event.anomaly;
      const figures = `is ${figure(value)}, usually ${figure(expected)} (${deviation.toFixed(1)} deviations)`;
      return `${at} ${colors.red('anomaly')}  ${colors.bold(plain(`${skill}.${metric}`, 200))} ${figures}`;
    }
    case 'anomaly.ended':
      return `${at} ended    ${plain(`${event.skill}.${event.metric}`, 200)} after ${formatDuration(event.lastedMs)}`;
    default:
      return event satisfies never;
  }
}

const figure = (value: number): string =>
  Math.abs(value) >= 10_000 ? String(Math.round(value)) : String(Number(value.toPrecision(4)));

interface Tally {
  readonly samples: number;
  readonly anomalies: number;
  readonly incidents: number;
}

function summary({ samples, anomalies, incidents }: Tally): string {
  const found = anomalies === 1 ? '1 anomaly' : `${anomalies} anomalies`;
  return `${counted(samples, 'sample')}: ${found} in ${counted(incidents, 'incident')}`;
}
