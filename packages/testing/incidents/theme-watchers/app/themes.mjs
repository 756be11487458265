// Themes as they stand in their files. One that is edited is read again at once; all are read again every now and then,
// since network drives do not tell of every change.
import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const FRESH_MS = 800;

export function createThemes(folder) {
  const known = new Map();

  async function loadTheme(tenant) {
    const file = join(folder, `${tenant}.json`);
    const theme = JSON.parse(await readFile(file, 'utf8'));
    watch(file, () => known.delete(tenant));
    known.set(tenant, { theme, atMs: Date.now() });
    return theme;
  }

  return {
    async of(tenant) {
      const entry = known.get(tenant);
      if (entry !== undefined && Date.now() - entry.atMs < FRESH_MS) return entry.theme;
      return loadTheme(tenant).catch(() => undefined);
    },
  };
}
