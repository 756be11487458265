// Hours, days and months of the calendar, in UTC: what budgets are given for.

export type Period = 'hour' | 'day' | 'month';

/** Wall-clock ms of the beginning of the period that `atMs` is in. */
export function periodStart(period: Period, atMs: number): number {
  const at = new Date(atMs);
  if (period === 'month') return Date.UTC(at.getUTCFullYear(), at.getUTCMonth());
  if (period === 'day') return Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
  return at.setUTCMinutes(0, 0, 0);
}

/** Wall-clock ms of the beginning of the next one. */
export function periodEnd(period: Period, atMs: number): number {
  const start = periodStart(period, atMs);
  const at = new Date(start);
  if (period === 'month') return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1);
  return start + (period === 'day' ? 24 : 1) * 3_600_000;
}
