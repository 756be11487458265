// Which networks belong to which partner: from, to and partner of each range, ascending. Partners behind one gateway are
// told apart by the port that they come from.
const PARTNERS = ['north', 'south', 'east', 'west', 'harbour', 'airport'];
const RANGES = 240_000;

export const ranges = Array.from({ length: RANGES }, (_, index) => ({
  from: `${keyOf(index)}`,
  to: `${keyOf(index)}~`,
  partner: PARTNERS[index % PARTNERS.length],
}));

function keyOf(index) {
  return `127.000.000.001:${String(Math.floor((index * 65_536) / RANGES)).padStart(5, '0')}.${String(index).padStart(6, '0')}`;
}
