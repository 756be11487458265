// The ledger of findings: what was acknowledged to a model must be in the history, for as long as the process lives,
// whatever has ended in between.
import type { StoredHistory } from './socket.ts';
import type { FindingKind } from './wire.ts';

/** A store may be away for so long (a recorder that comes back), then what it was given must be there. */
const GRACE_MS = 20_000;

interface Entry {
  readonly kind: FindingKind;
  readonly atMs: number;
  isSeen: boolean;
}

export interface LedgerFigures {
  readonly acknowledged: number;
  readonly kept: number;
  readonly lost: readonly string[];
}

export class Ledger {
  readonly #entries = new Map<string, Entry>();
  /** Investigations by finding, as far as events told them. */
  readonly #investigations = new Map<string, string>();

  acknowledged(kind: FindingKind, id: string, nowMs: number): void {
    if (!this.#entries.has(id)) this.#entries.set(id, { kind, atMs: nowMs, isSeen: false });
  }

  /** What an event tells of a finding, whether it was acknowledged or not. */
  told(id: string, investigationId: string): void {
    this.#investigations.set(id, investigationId);
  }

  seen({ notifications, insights }: StoredHistory): void {
    this.seenIds([...notifications, ...insights].map(({ id }) => id));
  }

  seenIds(ids: Iterable<string>): void {
    for (const id of ids) {
      const entry = this.#entries.get(id);
      if (entry !== undefined) entry.isSeen = true;
    }
  }

  /** Before everything is asked for once more, at the end. */
  forgetWhatWasSeen(): void {
    for (const entry of this.#entries.values()) entry.isSeen = false;
  }

  /** Investigations of what was not seen yet; undefined among them where no event told it. */
  investigationsOfUnseen(): readonly (string | undefined)[] {
    const unseen = [...this.#entries].filter(([, { isSeen }]) => !isSeen);
    return [...new Set(unseen.map(([id]) => this.#investigations.get(id)))];
  }

  figures(nowMs: number): LedgerFigures {
    const all = [...this.#entries];
    return {
      acknowledged: all.length,
      kept: all.filter(([, { isSeen }]) => isSeen).length,
      lost: all
        .filter(([, { isSeen, atMs }]) => !isSeen && nowMs - atMs > GRACE_MS)
        .map(([id, { kind }]) => `${kind} ${id}`),
    };
  }
}
