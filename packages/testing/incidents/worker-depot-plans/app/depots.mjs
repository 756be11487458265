// The depots, in the order in which they were opened.
const NAMES = ['Ghent', 'Lille', 'Breda', 'Aachen', 'Reims', 'Namur'];

const byName = new Map(NAMES.map((name, number) => [name, { name, number, x: 10 * number, y: 7 * number }]));

export const depots = () => [...byName.values()];

export function depotByName(name) {
  const depot = byName.get(name);
  if (depot === undefined) throw new Error(`there is no depot ${name}`);
  return depot;
}
