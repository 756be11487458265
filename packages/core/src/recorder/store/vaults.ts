// The vaults of one process: each writer has its own, so that what one writes a lot of drives out nothing of another.
import { createVaultMemory, type VaultMemory } from './vault.ts';

export interface Vaults {
  /** Notifications and insights, where there is no `dataDir`. */
  readonly findings: VaultMemory;
  /** What is told of findings later: their status, and the incidents that they belong to. */
  readonly marks: VaultMemory;
  /** What was spent. */
  readonly spending: VaultMemory;
  /** Incidents that are open, as the next life of the recorder goes on with them. */
  readonly openIncidents: VaultMemory;
}

export const createVaults = (): Vaults => ({
  findings: createVaultMemory(),
  marks: createVaultMemory(),
  spending: createVaultMemory(),
  openIncidents: createVaultMemory(),
});
