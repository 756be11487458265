// The one first run of a case, kept beside it: how the checks did on what they had never met.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '@nodelens/core';
import { type Case, FIRST_CONTACT_FILE, type FirstContact } from './case.ts';
import type { CaseRun } from './run-case.ts';

/** @throws NodelensError `incident_case_invalid` when a case was met before: there is only one first time. */
export async function saveFirstContact(runs: readonly CaseRun[], cases: readonly Case[]): Promise<void> {
  for (const run of runs) {
    const folder = cases.find(({ id }) => id === run.case)?.folder;
    if (folder === undefined || run.variant !== 'incident' || run.status === 'failed') continue;
    const path = join(folder, FIRST_CONTACT_FILE);
    if (existsSync(path))
      throw fail('incident_case_invalid', { case: run.case, reason: 'it was met before' });
    const { isSolved, score, missing, wrong } = run.score;
    const contact: FirstContact = {
      at: new Date().toISOString(),
      isSolved,
      score,
      missing,
      wrong,
      ...(run.namedAfterMs !== undefined && { namedAfterMs: run.namedAfterMs }),
    };
    await writeFile(path, `${JSON.stringify(contact, undefined, 2)}\n`);
  }
}
