// The pages in docs/skills and the skills in step: fields, callbacks and checks as a real service tells them.
// `npm run docs:skills` writes the pages.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { SkillSpec } from '../../../core/src/skill.ts';
import * as skills from '../../src/index.ts';
import type { Reference } from '../../src/reference.ts';
import { startService } from '../service.ts';
import { renderReference } from './render.ts';

const PAGES = new URL('../../../../docs/skills/', import.meta.url);

test('the page of every skill says what the skill says', { timeout: 60_000 }, async () => {
  const specs: Record<string, () => SkillSpec> = skills;
  const service = await startService('idle', [], Object.keys(specs));
  await mkdir(PAGES, { recursive: true });
  const checks = new Set<string>();
  const explained = new Set<string>();
  for (const { id } of Object.values(specs).map((spec) => spec())) {
    const { reference } = (await import(`../../src/${id}/reference.ts`)) as { reference: Reference };
    const descriptor = await service.describe(id);
    const snapshot = await service.snapshot(id);
    const names = descriptor.callbacks.map(({ name }) => name);
    expect
      .soft(
        Object.keys(snapshot).filter((field) => !(field in reference.snapshot)),
        `fields of ${id}`,
      )
      .toEqual([]);
    expect
      .soft(
        Object.keys(reference.costs).filter((name) => !names.includes(name)),
        `costs of ${id}`,
      )
      .toEqual([]);
    for (const check of descriptor.checks) {
      checks.add(check.id);
      for (const other of check.explains) explained.add(other);
    }
    const page = new URL(`${id}.md`, PAGES);
    const text = renderReference(descriptor, reference);
    if (process.env.NODELENS_WRITE_DOCS === '1') await writeFile(page, text);
    expect.soft(await readFile(page, 'utf8').catch(() => ''), `docs/skills/${id}.md`).toBe(text);
  }
  expect([...explained].filter((id) => !checks.has(id))).toEqual([]);
});
