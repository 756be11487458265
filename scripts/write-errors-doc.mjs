// Writes docs/errors.md from the table in packages/core/src/error-table.ts, whose comments head the sections. Run by the
// repository's own Node: `npm run docs:errors`. packages/core/test/errors.test.ts fails when the page is out of step.
import { readFileSync, writeFileSync } from 'node:fs';
import { ERRORS } from '../packages/core/src/error-table.ts';

const source = readFileSync(new URL('../packages/core/src/error-table.ts', import.meta.url), 'utf8');
const table = source.slice(source.indexOf('export const ERRORS'), source.indexOf('} as const'));

const lines = [
  '# Errors',
  '',
  'Every error that Nodelens raises is a `NodelensError` with a stable `code`, the `data` that its message was made of,',
  '`retryable` (the same call may succeed later) and, where there is one, a `cause`. Test with `isError(error, code)`;',
  'codes are never renamed or reused.',
  '',
  '<!-- Written by `npm run docs:errors` from packages/core/src/error-table.ts; a test compares both. -->',
];
for (const match of table.matchAll(/^ {2}\/\/ (.+)$|^ {2}(\w+): \{/gm)) {
  const [, section, code] = match;
  if (section !== undefined) {
    const title = section[0].toUpperCase() + section.slice(1);
    lines.push('', `## ${title}`, '');
  } else {
    const { message, retryable = false } = ERRORS[code];
    lines.push(`- \`${code}\`${retryable ? ' (retryable)' : ''}: \`${message}\``);
  }
}
writeFileSync(new URL('../docs/errors.md', import.meta.url), `${lines.join('\n')}\n`);
