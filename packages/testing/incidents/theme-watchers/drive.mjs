import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Visitors of all tenants; every few seconds somebody saves a theme. */
export async function drive(lab) {
  const any = () => Math.floor(lab.random() * 40);
  lab.every(4_000, () => {
    const theme = { colour: `hsl(${9 * any()} 60% 40%)`, font: 'serif', columns: 2 };
    return writeFile(join(lab.dir, 'themes', `tenant${any()}.json`), JSON.stringify(theme));
  });
  await lab.every(25, () => lab.request(`/tenant${any()}`));
}
