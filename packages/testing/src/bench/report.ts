// The report of a run of the suite: JSON for machines and the history, Markdown for people. Pure.
import type { Case } from './case.ts';
import { type Figures, figuresOf, type TierFigures } from './figures.ts';
import type { CaseRun } from './run-case.ts';
import type { Skipped, SuiteResult } from './suite.ts';

export interface Report {
  readonly schema: 'nodelens.bench/1';
  /** ISO-8601 UTC. */
  readonly at: string;
  readonly model: string;
  readonly skills: readonly string[] | 'all';
  readonly node: string;
  readonly durationMs: number;
  readonly figures: Figures;
  readonly cases: readonly CaseRow[];
  readonly skipped: readonly Skipped[];
}

export interface CaseRow {
  readonly case: string;
  readonly title: string;
  readonly domain: string;
  readonly tier: Case['tier'];
  readonly written: Case['written'];
  readonly runs: number;
  readonly solved: number;
  readonly score: number;
  /** Score of the one first run. */
  readonly firstContact?: number;
  readonly medianNamedMs?: number;
  readonly twinRuns: number;
  readonly twinAlarms: readonly string[];
  /** Of the runs that were not solved or said something wrong besides. */
  readonly missing: readonly string[];
  readonly wrong: readonly string[];
  readonly errors: readonly string[];
}

export function reportOf(
  result: SuiteResult,
  cases: readonly Case[],
  { model, skills }: Pick<Report, 'model' | 'skills'>,
): Report {
  const met = cases.filter(({ id }) => result.runs.some((run) => run.case === id));
  return {
    schema: 'nodelens.bench/1',
    at: new Date().toISOString(),
    model,
    skills,
    node: process.version,
    durationMs: result.durationMs,
    figures: figuresOf(result, cases),
    cases: met.map((one) => rowOf(one, result.runs)),
    skipped: result.skipped,
  };
}

function rowOf(one: Case, all: readonly CaseRun[]): CaseRow {
  const own = all.filter((run) => run.case === one.id);
  const runs = own.filter(({ variant }) => variant === 'incident');
  const twins = own.filter(({ variant }) => variant === 'healthy');
  const named = runs.flatMap(({ namedAfterMs }) => namedAfterMs ?? []).toSorted((a, b) => a - b);
  const medianNamedMs = named[named.length >> 1];
  const { id, title, domain, tier, written } = one;
  return {
    case: id,
    title,
    domain,
    tier,
    written,
    runs: runs.length,
    solved: runs.filter(({ score }) => score.isSolved).length,
    score: runs.length === 0 ? 0 : runs.reduce((sum, { score }) => sum + score.score, 0) / runs.length,
    ...(one.firstContact && { firstContact: one.firstContact.score }),
    ...(medianNamedMs !== undefined && { medianNamedMs }),
    twinRuns: twins.length,
    twinAlarms: twins.flatMap(({ alarms }) => alarms),
    missing: distinct(runs.flatMap(({ score }) => score.missing)),
    wrong: distinct(runs.flatMap(({ score }) => score.wrong)),
    errors: distinct(own.flatMap(({ error }) => error ?? [])),
  };
}

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

const percent = (part: number, whole: number): string =>
  whole === 0 ? '' : `${((100 * part) / whole).toFixed(0)} %`;
const inSeconds = (ms: number | undefined): string => (ms === undefined ? '' : (ms / 1_000).toFixed(1));
const line = (cells: readonly (string | number)[]): string =>
  `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;

export function markdownOf({ model, skills, at, durationMs, figures, cases, skipped, node }: Report): string {
  const { tiers, healthy, blocked, evidence } = figures;
  const tier = (name: string, group: TierFigures): string =>
    line([
      name,
      group.cases,
      `${group.solved} of ${group.runs}`,
      percent(group.solved, group.runs),
      group.score.toFixed(2),
      group.alwaysSolved,
    ]);
  return `${[
    `# Incident suite: ${model}, ${skills === 'all' ? 'all skills' : skills.join(', ')}`,
    '',
    `${at.slice(0, 10)}, Node ${node}, ${(durationMs / 60_000).toFixed(1)} min.`,
    '',
    line(['', 'cases', 'solved', '', 'score', 'always']),
    line(['---', '---:', '---:', '---:', '---:', '---:']),
    tier('easy', tiers.easy),
    tier('medium', tiers.medium),
    tier('hard', tiers.hard),
    tier('written before the freeze', figures.writtenBefore),
    tier('written after', figures.writtenAfter),
    '',
    `First contact of those written after the freeze: ${figures.firstContact.solved} of ${figures.firstContact.cases} solved, score ${figures.firstContact.score.toFixed(2)}.`,
    `Time from the alert until the last cause was named: median ${inSeconds(figures.medianNamedMs)} s, 90 of 100 within ${inSeconds(figures.p90NamedMs)} s.`,
    `Blocked cases named while blocked: ${blocked.namedWhileBlocked} of ${blocked.runs}.`,
    `Healthy twins: ${healthy.alarms} false alarms in ${healthy.runs} runs of ${healthy.twins} twins (${healthy.alarmsPerHour.toFixed(2)} an hour).`,
    `Claims without recorded evidence: ${evidence.unsupported} of ${evidence.claims}.`,
    `Model: ${figures.usage.calls} calls, ${figures.usage.inputTokens} tokens in, ${figures.usage.outputTokens} out, ${figures.usage.costUsd.toFixed(2)} USD.`,
    ...(figures.failed === 0 ? [] : [`**Runs that failed by themselves: ${figures.failed}.**`]),
    '',
    line([
      'case',
      'domain',
      'tier',
      'written',
      'solved',
      'score',
      'first contact',
      'named, s',
      'twin silent',
      'missing, or said besides',
    ]),
    line(['---', '---', '---', '---', '---:', '---:', '---:', '---:', '---:', '---']),
    ...cases.map((row) =>
      line([
        `${row.case}: ${row.title}`,
        row.domain,
        row.tier,
        row.written,
        `${row.solved}/${row.runs}`,
        row.score.toFixed(2),
        row.firstContact?.toFixed(2) ?? '',
        inSeconds(row.medianNamedMs),
        row.twinRuns === 0
          ? ''
          : row.twinAlarms.length === 0
            ? `${row.twinRuns}`
            : `${row.twinAlarms.length} alarms`,
        [...row.missing.map((what) => `missing: ${what}`), ...row.wrong, ...row.twinAlarms, ...row.errors]
          .join('; ')
          .slice(0, 300),
      ]),
    ),
    ...(skipped.length === 0
      ? []
      : ['', 'Skipped:', ...skipped.map(({ case: id, reason }) => `- ${id}: ${reason}`)]),
  ].join('\n')}\n`;
}
