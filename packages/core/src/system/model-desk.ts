// The model desk of this process (service `models`), put together on the recorder thread: its ledger is in the data
// folder where there is one.
import { systemClock } from '../actor/clock.ts';
import type { RecorderService } from '../recorder/run-recorder.ts';
import { createBudgetGuard } from '../spending/budget-guard.ts';
import { createModelDesk } from '../spending/create-model-desk.ts';
import { createLedger } from '../spending/ledger.ts';
import { createFileSpendShelf } from '../spending/spend-file.ts';
import type { RecorderInit } from './recorder-init.ts';

export const serveModels: RecorderService = ({ init, service, store: { database }, tell }) => {
  const { budget = {}, prices = {}, concurrency } = (init as unknown as RecorderInit).spending;
  const { now } = systemClock;
  const file = database && createFileSpendShelf({ database, service, now });
  const ledger = createLedger({ now, ...(file && { file }) });
  const guard = createBudgetGuard({ ledger, budget, prices, now, tell });
  const desk = createModelDesk({ guard, clock: systemClock, tell, ...(concurrency && { concurrency }) });
  return desk.connect;
};
