// The texts of letters.
const TEXTS = new Map([
  ['welcome', 'we are glad that you are with us.'],
  ['reminder', 'our invoice has not been paid yet.'],
  ['change', 'our terms change with the new year.'],
]);

export const letterText = (kind, { street, town }) =>
  `${street}\n${town}\n\nDear customer, ${TEXTS.get(kind) ?? TEXTS.get('welcome')}`;
