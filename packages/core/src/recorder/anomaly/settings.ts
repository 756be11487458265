// What of the anomaly detector can be set, and what it takes when nothing is.

/** The anomaly detector; see docs/anomalies.md for what it finds and what it misses. */
export interface AnomalySettings {
  /** How often the snapshots are read, in ms. Default 30,000. */
  readonly sampleEveryMs: number;
  /**
   * How long each metric is only learned from, in ms. Default 7,200,000 (2 h). Kept baselines (`dataDir`) skip it.
   */
  readonly learnMs: number;
  /**
   * How far off a value must be, in robust standard deviations (the modified z-score, 0.6745 times the distance from the
   * median over the median absolute deviation). Default 3.5 (Iglewicz and Hoaglin 1993, "How to Detect and Handle
   * Outliers"). The plain z-score must be above {@link plainShare} of it too.
   */
  readonly threshold: number;
  /** So many samples of one metric in a row must be off, and as many must be normal for its end. Default 3. */
  readonly consecutive: number;
  /** How long a metric is not told again after its anomaly ended, in ms. Default 900,000 (15 min). */
  readonly coolDownMs: number;
  /** Whether an anomaly starts an investigation by the coordinator. Default true. */
  readonly investigate: boolean;
  /** Most investigations that anomalies start within an hour. Default 3. */
  readonly maxPerHour: number;
}

export const defaultAnomalySettings: AnomalySettings = {
  sampleEveryMs: 30_000,
  learnMs: 7_200_000,
  threshold: 3.5,
  consecutive: 3,
  coolDownMs: 900_000,
  investigate: true,
  maxPerHour: 3,
};

/** Of the threshold, for the plain z-score: at the defaults the customary 3 standard deviations. */
export const plainShare: number = 3 / 3.5;
