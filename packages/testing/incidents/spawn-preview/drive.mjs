// Editors read documents and have previews made. Then a print job dies and leaves its lock behind.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export async function drive(lab) {
  const some = () => 1 + Math.floor(lab.random() * 300);
  const reading = lab.every(50, () => lab.request(`/documents/${some()}`));
  const looking = lab.every(400, () => lab.request(`/documents/${some()}/preview`));
  const rendering = lab.every(1_200, () => lab.request(`/documents/${some()}/preview`, { method: 'POST' }));
  await lab.wait(6_500);
  if (!lab.isHealthy) {
    await writeFile(join(lab.dir, 'tools', 'fonts.lock'), '4711');
    await lab.wait(3_500);
    lab.alert();
  }
  await Promise.all([reading, looking, rendering]);
}
