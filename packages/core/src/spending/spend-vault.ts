// Spending without a data folder: in memory that main holds, so that budgets outlive the recorder thread.
import { openVault, type VaultMemory } from '../recorder/store/vault.ts';
import { createMemorySpendShelf, type SpendRow, type SpendShelf } from './spend-shelf.ts';

/** Each record is the whole figure of its row, so the last one counts and the older may be given up. */
export function createVaultSpendShelf(memory: VaultMemory, now: () => number): SpendShelf {
  const vault = openVault(memory);
  const known = vault.read().map((record) => JSON.parse(record) as SpendRow);
  return createMemorySpendShelf({ now, known, onRow: (row) => vault.append(JSON.stringify(row)) });
}
