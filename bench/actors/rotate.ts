// First file of a measuring process: `rotate.ts <group> <rounds> <warm-up rounds> [case]`. Runs the group's cases in
// turns (or only the one that is named) and prints what each gave, as one line of JSON.
import type { Case, Figures, OpenGroup } from './group.ts';

const [name = '', rounds = '1', warmup = '0', only] = process.argv.slice(2);

/** Rotated and reversed from round to round, so that none always follows the same one. */
function turn(cases: readonly Case[], round: number): readonly Case[] {
  const first = round % cases.length;
  const rotated = [...cases.slice(first), ...cases.slice(0, first)];
  return round % 2 === 1 ? rotated.reverse() : rotated;
}

const { open } = (await import(new URL(`./groups/${name}.ts`, import.meta.url).href)) as { open: OpenGroup };
const group = await open();
const cases = only === undefined ? group.cases : group.cases.filter((one) => one.name === only);
for (let round = 0; round < Number(warmup); round += 1) for (const one of turn(cases, round)) await one.run();
const found: Record<string, Figures[]> = Object.fromEntries(cases.map((one) => [one.name, []]));
for (let round = 0; round < Number(rounds); round += 1)
  for (const one of turn(cases, round)) found[one.name]?.push(await one.run());
await group.close();
process.stdout.write(`${JSON.stringify(found)}\n`);
