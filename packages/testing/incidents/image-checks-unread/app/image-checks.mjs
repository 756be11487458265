// Whether a marketplace can show an image: it must be there, of a known type and not too large. An address is asked
// once; its answer is good for the day.
const KEPT = 2_000;
const MAX_BYTES = 5_000_000;
const TYPES = new Set(['image/jpeg', 'image/png', 'image/webp']);

const answers = new Map();

const describe = ({ ok, headers }) => {
  const type = headers.get('content-type');
  const isSmall = Number(headers.get('content-length') ?? 0) <= MAX_BYTES;
  return { usable: ok && TYPES.has(type) && isSmall, type };
};

export async function checkImage(address) {
  const known = answers.get(address);
  if (known !== undefined) return describe(known);
  const response = await fetch(address);
  answers.set(address, response);
  if (answers.size > KEPT) answers.delete(answers.keys().next().value);
  return describe(response);
}
