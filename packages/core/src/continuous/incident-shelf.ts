// Open incidents in memory that main holds, so that they outlive the recorder thread.
import { openVault, type VaultMemory } from '../recorder/store/vault.ts';
import type { Incidents } from './incidents.ts';

export interface IncidentShelf {
  readonly read: () => Incidents;
  readonly write: (incidents: Incidents) => void;
}

/** Each record is the whole of them, so the last one counts and the older may be given up. */
export function createIncidentShelf(memory: VaultMemory): IncidentShelf {
  const vault = openVault(memory);
  return {
    read() {
      const latest = vault.read().at(-1);
      return latest === undefined ? [] : (JSON.parse(latest) as Incidents);
    },
    write: (incidents) => vault.append(JSON.stringify(incidents)),
  };
}
