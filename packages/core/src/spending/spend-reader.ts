// What a data folder tells of spending, read beside the processes that write to it, or when none of them runs.
import { readDataFolder } from '../recorder/store/reader.ts';
import { readSpending } from './spend-file.ts';
import { type UsageReport, usageReport } from './usage-report.ts';

/**
 * Of all services that share the folder; without budgets, which the processes know. Synchronous; changes nothing there.
 * @throws NodelensError `option_invalid` when there is nothing, `store_unavailable` when it cannot be read.
 */
export const readStoredUsage = (dataDir: string): UsageReport =>
  readDataFolder(dataDir, { what: 'a look at what was spent', sinceVersion: 2 }, (db) =>
    usageReport(readSpending(db, { span: 'day', sinceMs: 0 })),
  );
