// What may be attached, by the first bytes of it.
const KINDS = new Map([
  ['%PDF', 'pdf'],
  ['\x89PNG', 'png'],
  ['\xff\xd8\xff\xe0', 'jpeg'],
]);

export const kindOf = (content) => KINDS.get(content.toString('latin1', 0, 4));
