// Asks for the history while the run goes on and at its end, and keeps the ledger of findings.
import { Ledger, type LedgerFigures } from './ledger.ts';
import { readHistory, type SocketAddress } from './socket.ts';
import type { ThreadMessage } from './wire.ts';

const LOOK_MS = 10_000;
/** At the end the store must answer; a few attempts, in case that it has just been restarted. */
const ATTEMPTS = 5;
const PAUSE_MS = 1_000;

export interface FindingsFigures extends LedgerFigures {
  /** Where it was looked whether they are kept. */
  readonly source: 'history' | 'events: the control socket answered no history';
}

export interface FindingsDesk {
  watch(address: SocketAddress): void;
  acknowledged(message: Extract<ThreadMessage, { type: 'acknowledged' }>): void;
  told(id: string, investigationId: string): void;
  /** Everything that was ever acknowledged is asked for once more. */
  close(): Promise<FindingsFigures>;
}

export function createFindingsDesk(): FindingsDesk {
  const ledger = new Ledger();
  const told = new Set<string>();
  let address: SocketAddress | undefined;
  let timer: NodeJS.Timeout | undefined;
  let hasHistory = false;
  const look = async (investigationId?: string): Promise<boolean> => {
    const history = address === undefined ? undefined : await readHistory(address, investigationId);
    if (history === undefined) return false;
    hasHistory = true;
    ledger.seen(history);
    return true;
  };
  return {
    watch(where) {
      address = where;
      timer = setInterval(() => void look(), LOOK_MS).unref();
    },
    acknowledged: ({ kind, id }) => ledger.acknowledged(kind, id, Date.now()),
    told(id, investigationId) {
      ledger.told(id, investigationId);
      told.add(id);
    },
    async close() {
      clearInterval(timer);
      ledger.forgetWhatWasSeen();
      for (let attempt = 0; attempt < ATTEMPTS && !(await look()); attempt += 1)
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      if (hasHistory) for (const id of ledger.investigationsOfUnseen()) await look(id);
      else ledger.seenIds(told);
      return {
        ...ledger.figures(Number.POSITIVE_INFINITY),
        source: hasHistory ? 'history' : 'events: the control socket answered no history',
      };
    },
  };
}
