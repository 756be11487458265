// Where tenants without a theme of their own begin.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const TENANTS = 40;

export async function prepareThemes(folder) {
  await mkdir(folder, { recursive: true });
  const themes = Array.from({ length: TENANTS }, (_, number) => ({
    file: join(folder, `tenant${number}.json`),
    theme: { colour: `hsl(${9 * number} 60% 40%)`, font: 'serif', columns: 1 + (number % 3) },
  }));
  await Promise.all(themes.map(({ file, theme }) => writeFile(file, JSON.stringify(theme))));
}
