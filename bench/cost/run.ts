// `npm run bench:cost [-- --days 30 --seed 1 --json]`: a month of a service under all continuous operators, and its
// bill. Exit 1 when an incident was not raised just once, at a false alarm, or when it costs 10 dollars or more.
import { parseArgs } from 'node:util';
import { accountOf } from './account.ts';
import { incidentsIn } from './incidents.ts';
import { render, verdictOf } from './report.ts';
import { START_MS, simulate } from './simulate.ts';

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const days = Number(values.days);
const incidents = incidentsIn(days, START_MS);
const simulated = await simulate({ days, seed: Number(values.seed), incidents });
const account = accountOf(simulated.told, incidents);
const month = { days, startMs: START_MS, account, simulated };
const verdict = verdictOf(month);
const { usage } = simulated;
process.stdout.write(
  values.json ? `${JSON.stringify({ days, ...verdict, ...account, usage })}\n` : render(month),
);
process.exitCode = verdict.missed.length > 0 ? 1 : 0;
