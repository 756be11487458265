// The store as an actor sees it: a finding is offered for a short time, so that no run hangs for it; what the store
// does not take by then is offered again as long as the actor lives.
import type { Clock } from '../../actor/clock.ts';
import type { PortSource } from '../../actor/hosts/services.ts';
import { fail, isError, type NodelensError, reasonOf } from '../../errors.ts';
import { connectRpc, type RpcClient } from '../../rpc.ts';
import type { Finding, StoreDesk } from './desk.ts';

export interface Keeper {
  /**
   * Resolves with undefined when it is written, else with why it is not (`store_unavailable`): then it is offered
   * again later. Takes {@link OFFER_MS} and one answer at most, and never rejects.
   */
  keep(finding: Finding): Promise<NodelensError | undefined>;
  /** For what somebody else could not bring in: it is offered as long as this actor lives. */
  keepLater(finding: Finding): void;
  close(): void;
}

/** How long a finding is offered before the run goes on, in ms. */
const OFFER_MS = 2_000;
const AGAIN_MS = 200;
/** The recorder may stand still for a heap snapshot; a lost answer is no lost finding. */
const ANSWER_MS = 1_000;
const LATER_MS = 1_000;
const LONGEST_LATER_MS = 10_000;
/** What a run finds is far less. */
const MAX_BACKLOG = 200;

/** For actors that were given no store (a test's): what they find stands in their result alone. */
const nowhere: Keeper = {
  keep: async () => undefined,
  keepLater: () => undefined,
  close: () => undefined,
};

export function connectStore(source: PortSource | undefined, clock: Clock): Keeper {
  if (source === undefined) return nowhere;
  const client = connectRpc<StoreDesk>(source, { peer: 'the store', timeoutMs: ANSWER_MS });
  // comlink starts the port by listening, which refs it: an idle connection must not keep the process alive.
  if (typeof source !== 'function') source.unref();
  return new StoreClient(client, clock);
}

class StoreClient implements Keeper {
  readonly #client: RpcClient<StoreDesk>;
  readonly #clock: Clock;
  /** Oldest first. */
  #backlog: readonly Finding[] = [];
  /** Since a finding was not taken, until one is. */
  #trouble: NodelensError | undefined;
  #disarm: () => void = () => undefined;
  #isClosed = false;

  constructor(client: RpcClient<StoreDesk>, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  async keep(finding: Finding): Promise<NodelensError | undefined> {
    // One finding has waited in vain already: the run does not wait again for each of the others.
    if (this.#trouble === undefined) {
      const error = await this.#offerForAWhile(finding);
      if (error === undefined) return undefined;
      this.#trouble = error;
    }
    this.keepLater(finding);
    return this.#trouble;
  }

  keepLater(finding: Finding): void {
    if (this.#isClosed || this.#backlog.length >= MAX_BACKLOG) return;
    this.#backlog = [...this.#backlog, finding];
    if (this.#backlog.length === 1) this.#arm(LATER_MS);
  }

  close(): void {
    this.#isClosed = true;
    this.#disarm();
    this.#client.close();
  }

  async #offerForAWhile(finding: Finding): Promise<NodelensError | undefined> {
    const until = this.#clock.now() + OFFER_MS;
    for (;;) {
      const error = await this.#offer(finding);
      if (error === undefined || this.#isClosed || isLost(error.cause) || this.#clock.now() >= until)
        return error;
      await new Promise<void>((resolve) => this.#clock.after(AGAIN_MS, resolve));
    }
  }

  async #offer(finding: Finding): Promise<NodelensError | undefined> {
    try {
      await this.#client.remote.keep(finding);
      return undefined;
    } catch (error) {
      if (isError(error, 'store_unavailable')) return error;
      return fail(
        'store_unavailable',
        { what: `the ${finding.kind}`, reason: reasonOf(error) },
        { cause: error },
      );
    }
  }

  #arm(ms: number): void {
    this.#disarm = this.#clock.after(ms, () => void this.#retry(Math.min(2 * ms, LONGEST_LATER_MS)));
  }

  async #retry(nextMs: number): Promise<void> {
    for (let first = this.#backlog[0]; first !== undefined; first = this.#backlog[0]) {
      const error = await this.#offer(first);
      if (this.#isClosed || isLost(error?.cause)) return;
      if (error !== undefined) return this.#arm(nextMs);
      this.#trouble = undefined;
      this.#backlog = this.#backlog.slice(1);
    }
  }
}

/** The recorder is gone, and with it every actor below it: nobody will answer on this port. */
const isLost = (cause: unknown): boolean => isError(cause, 'rpc_peer_gone');
