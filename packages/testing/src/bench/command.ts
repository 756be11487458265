// The command `nodelens-bench`.
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { fail, isError, reasonOf } from '@nodelens/core';
import { type Case, loadCase, loadCases } from './case.ts';
import { saveFirstContact } from './first-contact.ts';
import { openModel } from './model.ts';
import { describeRun, describeVerbosely } from './progress.ts';
import { markdownOf, reportOf } from './report.ts';
import type { CaseRun } from './run-case.ts';
import { runSuite, type SuiteOptions, TIERS } from './suite.ts';

const OWN_CASES = fileURLToPath(new URL('../../incidents', import.meta.url));
/** So that the twins are silent by more than luck. */
const WHOLE_TWIN_REPEATS = 10;
const OPTIONS = {
  case: { type: 'string' },
  cases: { type: 'string', default: OWN_CASES },
  tier: { type: 'string' },
  domain: { type: 'string' },
  smoke: { type: 'boolean', default: false },
  twins: { type: 'boolean', default: false },
  model: { type: 'string', default: 'triage' },
  skills: { type: 'string' },
  register: { type: 'string' },
  repeats: { type: 'string', default: '1' },
  'twin-repeats': { type: 'string' },
  concurrency: { type: 'string', default: '2' },
  seed: { type: 'string', default: '1' },
  out: { type: 'string' },
  strict: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
  keep: { type: 'boolean', default: false },
  'no-investigate': { type: 'boolean', default: false },
  'first-contact': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const HELP = `nodelens-bench: root causes inside one Node process, scored

  nodelens-bench                          all cases once, their healthy twins ten times
  nodelens-bench --case a,b --repeats 3   some cases, incidents only
  nodelens-bench --case a --twins         the healthy twin only

  --cases <folder>      your own cases (format: incidents/README.md)
  --tier, --domain      only those
  --smoke               a few quick cases, for continuous integration
  --model <name>        triage (default), anthropic:<model> with ANTHROPIC_API_KEY, or scripted: a script behind the
                        Messages API that works through the tools alone
  --skills a,b          only these skills
  --register <url>      what attaches Nodelens; default nodelens/register as installed
  --repeats N           runs of each incident (default 1)
  --twin-repeats N      runs of each twin (default 10 for the whole suite, else 0, or --repeats with --twins)
  --concurrency N       runs at the same time (default 2)
  --seed N              of the traffic (default 1)
  --out <folder>        writes the report there as <date>-<model>.json and .md
  --strict              exit code 1 as well when an incident is not solved or a twin raises an alarm
  --json                prints the report as JSON
  --verbose             prints what was said in each run
  --keep                leaves the folders of the services
  --no-investigate      only starts and drives them until the alert
  --first-contact       records the one first run of a case beside it

Exit code: 0 when all was run, 1 when a run itself failed, 2 for wrong usage.`;

/** Returns the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n\n${HELP}\n`);
    return 2;
  }
  if (parsed.help) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  try {
    return await runParsed(parsed);
  } catch (error) {
    if (!isError(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

const parse = (argv: readonly string[]) =>
  parseArgs({ args: [...argv], options: OPTIONS, strict: true }).values;
type Values = ReturnType<typeof parse>;

async function runParsed(values: Values): Promise<number> {
  const cases = chosen(values);
  const isWhole = values.case === undefined && !values.twins && !values.smoke;
  const repeats = numberOf(values, 'repeats', 0);
  const twinRepeats =
    values['twin-repeats'] === undefined
      ? values.twins
        ? repeats
        : isWhole
          ? WHOLE_TWIN_REPEATS
          : 0
      : numberOf(values, 'twin-repeats', 0);
  const register = values.register ?? import.meta.resolve('nodelens/register');
  const model = await openModel(values.model);
  const options: SuiteOptions = {
    cases,
    repeats: values.twins ? 0 : repeats,
    twinRepeats,
    concurrency: numberOf(values, 'concurrency', 1),
    seed: numberOf(values, 'seed', 0),
    register: register.includes(':') ? register : pathToFileURL(resolve(register)).href,
    env: model.env,
    config: model.config,
    keep: values.keep,
    noInvestigation: values['no-investigate'],
    ...(values.skills && { skills: values.skills.split(',') }),
    onRun: (one) => told(one, values),
  };
  const result = await runSuite(options).finally(model.close);
  const report = reportOf(result, cases, { model: values.model, skills: options.skills ?? 'all' });
  if (values['first-contact']) await saveFirstContact(result.runs, cases);
  if (values.out !== undefined) {
    await mkdir(values.out, { recursive: true });
    const name = `${report.at.slice(0, 10)}-${values.model.replace(/[^\w.-]+/g, '-')}`;
    await writeFile(join(values.out, `${name}.json`), `${JSON.stringify(report, undefined, 2)}\n`);
    await writeFile(join(values.out, `${name}.md`), markdownOf(report));
  }
  process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : `\n${markdownOf(report)}`);
  const isPerfect = result.runs.every(({ variant, score, alarms }) =>
    variant === 'incident' ? score.isSolved : alarms.length === 0,
  );
  return report.figures.failed > 0 || (values.strict && !isPerfect) ? 1 : 0;
}

/** @throws NodelensError `option_invalid` */
function numberOf(
  values: Values,
  name: 'repeats' | 'twin-repeats' | 'concurrency' | 'seed',
  least: number,
): number {
  const number = Number(values[name]);
  if (!Number.isSafeInteger(number) || number < least)
    throw fail('option_invalid', {
      option: `--${name}`,
      reason: `it must be a whole number from ${least} on.`,
    });
  return number;
}

/** A few quick cases of different domains. */
const SMOKE_CASES = 6;

function chosen({ case: ids, cases: folder, tier, domain, smoke }: Values): readonly Case[] {
  if (tier !== undefined && !TIERS.some((known) => known === tier))
    throw fail('option_invalid', { option: '--tier', reason: `it must be one of ${TIERS.join(', ')}.` });
  const all = ids === undefined ? loadCases(folder) : ids.split(',').map((id) => loadCase(folder, id));
  const some = all.filter(
    (one) => (tier === undefined || one.tier === tier) && (domain === undefined || one.domain === domain),
  );
  if (!smoke) return some;
  const quick = some.filter(({ tier, needs }) => tier === 'easy' && needs.length === 0);
  const firstOfDomain = quick.filter(
    (one, index) => quick.findIndex((other) => other.domain === one.domain) === index,
  );
  return firstOfDomain.slice(0, SMOKE_CASES);
}

function told(one: CaseRun, { verbose, json }: Values): void {
  const stream = json ? process.stderr : process.stdout;
  stream.write(`${describeRun(one)}\n${verbose ? describeVerbosely(one) : ''}`);
}
