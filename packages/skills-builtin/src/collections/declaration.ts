// Where a variable or field is declared: from the file itself, so that the running process need not be asked.
import { readFileSync } from 'node:fs';
import { pathOf } from './main-side.ts';

/** 1-based; undefined when the file does not show it. `name` as code writes it: `sessionCache`, `store.entries`. */
export async function declarationLine(name: string, file: string): Promise<number | undefined> {
  const path = pathOf(file);
  const variable = name.split('.')[0];
  if (path === undefined || !variable || !/^[\w$]+$/.test(variable)) return undefined;
  const text = textOf(path);
  const declaration = new RegExp(
    `(?:\\b(?:const|let|var|static|class)\\s+|[,{]\\s*)${variable.replaceAll('$', '\\$')}\\b`,
  );
  const index = text.split('\n').findIndex((line) => declaration.test(line));
  return index < 0 ? undefined : index + 1;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
