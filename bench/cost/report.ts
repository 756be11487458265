// The month as text for a terminal, and whether it shows what it must.
import type { SpendReport } from '@nodelens/core';
import type { Account, Alarm, Found, IncidentAccount } from './account.ts';
import type { Simulated } from './simulate.ts';

export interface Month {
  readonly days: number;
  readonly startMs: number;
  readonly account: Account;
  readonly simulated: Simulated;
}

export interface Verdict {
  readonly usdPerMonth: number;
  /** What is missed; empty when nothing is. */
  readonly missed: readonly string[];
}

const DAY_MS = 86_400_000;
const MONTH_DAYS = 30;
const MOST_USD = 10;
/** What the counterpart says of itself, for as many operators that poll a model. */
const COUNTERPART_USD = 1_000;
/** A provider takes so much of its input price more for what it writes into its cache. */
const CACHE_WRITE_SURCHARGE_USD = 0.25 / 1_000_000;

export function verdictOf({ days, account, simulated }: Month): Verdict {
  const usdPerMonth = (usdOf(simulated) * MONTH_DAYS) / days;
  const { incidents, falseAlarms, falselyFound } = account;
  return {
    usdPerMonth,
    missed: [
      ...incidents
        .filter(({ alarms }) => alarms.length === 0)
        .map(({ incident }) => `${incident.name}: not raised`),
      ...incidents
        .filter(({ alarms }) => alarms.length > 1)
        .map(({ incident, alarms }) => `${incident.name}: raised ${alarms.length} times`),
      ...incidents.filter(isRepeated).map(({ incident }) => `${incident.name}: something is said again`),
      ...(falseAlarms.length > 0 ? [`${falseAlarms.length} false alarms`] : []),
      ...(falselyFound.length > 0 ? [`${falselyFound.length} false findings`] : []),
      ...(usdPerMonth >= MOST_USD ? [`${usd(usdPerMonth)} a month are not under ${usd(MOST_USD)}`] : []),
    ],
  };
}

const isRepeated = ({ repeated }: IncidentAccount): boolean => repeated.length > 0;

/** The surcharge is not in the price table, which counts a cache write as input. */
const usdOf = ({ usage, cacheWriteTokens }: Simulated): number =>
  (usage.total.costUsd ?? 0) + cacheWriteTokens * CACHE_WRITE_SURCHARGE_USD;

export function render(month: Month): string {
  const { days, startMs, account, simulated } = month;
  const { usage, cacheWriteTokens } = simulated;
  const { usdPerMonth, missed } = verdictOf(month);
  const line = ({ atMs, by, what }: Found): string => `    ${when(atMs, startMs)}  ${by}: ${what}`;
  const alarmLine = ({ atMs, severity, title }: Alarm): string =>
    `    ${when(atMs, startMs)}  ALARM, ${severity}: ${title}`;
  return [
    `${days} days, ${account.incidents.length} incidents`,
    '',
    ...account.incidents.flatMap(({ incident, alarms, found, repeated, insights, ...course }) => [
      `  ${incident.title} (${when(incident.fromMs, startMs)}): ${raised(alarms.length)}${repeated.length > 0 ? `, ${repeated.length} said again` : ''}`,
      ...alarms.map(alarmLine),
      `      ${course.updates} updates, ${ending(course)}`,
      ...found.map(line),
      ...insights.map((summary) => `    insight: ${summary.slice(0, 160)}`),
    ]),
    '',
    `In the healthy rest: ${account.falseAlarms.length} false alarms, ${account.falselyFound.length} false findings`,
    ...account.falseAlarms.map(alarmLine),
    ...account.falselyFound.flatMap((found) => [line(found), `      ${found.detail}`]),
    '',
    'Woken, by operator:',
    ...Object.entries(account.wakes).map(
      ([operator, whys]) =>
        `  ${operator.padEnd(14)}${Object.entries(whys)
          .map(([why, count]) => `${count} by ${why}`)
          .join(', ')}`,
    ),
    '',
    `  ${['', 'calls', 'input', 'cached', 'output', 'USD'].map((title, column) => cell(title, column)).join('')}`,
    ...Object.entries(usage.byOperator).map(([operator, spend]) => row(operator, spend)),
    ...Object.entries(usage.byModel).map(([model, spend]) => row(model, spend)),
    `  of the input ${cacheWriteTokens} tokens were written into the cache: ${usd(cacheWriteTokens * CACHE_WRITE_SURCHARGE_USD)} more`,
    '',
    `The bill: ${usd(usdPerMonth)} a month (the counterpart: about ${usd(COUNTERPART_USD)})`,
    ...missed.map((what) => `MISSED: ${what}`),
    '',
  ].join('\n');
}

const raised = (times: number): string =>
  times === 0 ? 'NOT RAISED' : times === 1 ? 'raised once' : `RAISED ${times} TIMES`;

const ending = ({ end, title }: Pick<IncidentAccount, 'end' | 'title'>): string =>
  end === undefined
    ? 'not closed'
    : `closed as ${end.why} after ${Math.round(end.lastedMs / 60_000)} min, in the end: ${title}`;

const row = (
  name: string,
  { calls, inputTokens, cachedInputTokens, outputTokens, costUsd = 0 }: SpendReport,
) =>
  `  ${[name, calls, inputTokens, cachedInputTokens, outputTokens, costUsd.toFixed(4)].map((value, column) => cell(String(value), column)).join('')}`;

const cell = (text: string, column: number): string => (column === 0 ? text.padEnd(30) : text.padStart(11));

const usd = (amount: number): string => `$${amount.toFixed(2)}`;

function when(atMs: number, startMs: number): string {
  const day = Math.floor((atMs - startMs) / DAY_MS) + 1;
  return `day ${day} ${new Date(atMs).toISOString().slice(11, 19)}`;
}
