// The model desk of this process (service `models`), put together on the recorder thread: its ledger is in the data
// folder where there is one, else in memory that main holds.
import { systemClock } from '../actor/clock.ts';
import type { RecorderService } from '../recorder/run-recorder.ts';
import { BudgetGuard } from '../spending/budget-guard.ts';
import { createModelDesk } from '../spending/create-model-desk.ts';
import { createLedger } from '../spending/ledger.ts';
import { createFileSpendShelf } from '../spending/spend-file.ts';
import { createVaultSpendShelf } from '../spending/spend-vault.ts';
import type { RecorderInit } from './recorder-init.ts';

export const serveModels: RecorderService = ({ init, service, store, vaults, tell }) => {
  const { budget = {}, prices = {}, concurrency } = (init as unknown as RecorderInit).spending;
  const { now } = systemClock;
  const { database } = store;
  const ledger = createLedger(
    database === undefined
      ? { now, memory: createVaultSpendShelf(vaults.spending, now) }
      : { now, file: createFileSpendShelf({ database, service, now }) },
  );
  const guard = new BudgetGuard({ ledger, budget, prices, now, tell });
  const desk = createModelDesk({ guard, clock: systemClock, tell, ...(concurrency && { concurrency }) });
  return desk.connect;
};
