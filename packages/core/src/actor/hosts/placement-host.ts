// Chooses where an actor runs by its spec's placement, and gets it the ports of the services that it names.
// Threads and pool come into being at first use.
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Headroom } from '../limits/headroom.ts';
import type { ChildSpec } from '../supervision/child-spec.ts';
import {
  ActorHost,
  type ActorRun,
  type ActorStage,
  type HostOptions,
  type Parking,
  type RunRequest,
} from './actor-host.ts';
import { type Census, Roster } from './census.ts';
import { InProcessStage } from './in-process-host.ts';
import { PoolStage } from './pool-host.ts';
import type { PoolOptions } from './pool-options.ts';
import type { Connect, ServiceName } from './services.ts';
import { ThreadStage } from './thread-host.ts';

export interface PlacementOptions extends HostOptions {
  /** Serves a service on a port, or hands it to who does. */
  readonly connect: Connect;
  readonly pool?: PoolOptions;
  /** Asked before a pooled thread is started. */
  readonly headroom?: Headroom;
}

export class PlacementStage implements ActorStage {
  readonly #options: PlacementOptions;
  readonly #stages = new Map<ChildSpec['placement'], ActorStage>();
  readonly #threads: ThreadStage;
  readonly #roster = new Roster();

  constructor(options: PlacementOptions) {
    this.#options = options;
    this.#threads = new ThreadStage(options.clock);
  }

  run(request: RunRequest): ActorRun {
    return this.#place(request, this.#stageOf(request.spec.placement));
  }

  park(modules: readonly string[]): Parking {
    const parking = this.#threads.park(modules);
    this.#roster.park(parking);
    const run = (request: RunRequest): ActorRun => {
      this.#roster.adopt(parking);
      return this.#place(request, parking);
    };
    return { ...parking, run };
  }

  /** Who runs here now. */
  census(): Pick<Census, 'actors' | 'pool' | 'spare'> {
    const spare = this.#roster.parked();
    const pool = this.#stages.get('pool');
    return {
      actors: this.#roster.list(),
      pool:
        pool instanceof PoolStage
          ? { threads: pool.threadCount, waiting: pool.waitingCount }
          : { threads: 0, waiting: 0 },
      ...(spare && { spare }),
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.#threads, ...this.#stages.values()].map((stage) => stage.close()));
  }

  #place(request: RunRequest, place: Pick<ActorStage, 'run'>): ActorRun {
    const missing = missingServices(request);
    const offered = missing.map((service) => ({ service, channel: new MessageChannel() }));
    const ports: { [name: string]: MessagePort } = { ...request.ports };
    for (const { service, channel } of offered) ports[service] = channel.port2;
    try {
      const run = place.run({ ...request, ports });
      this.#roster.add(request.spec, run);
      for (const { service, channel } of offered) this.#options.connect(service, channel.port1);
      return run;
    } catch (error) {
      for (const { channel } of offered) channel.port1.close();
      throw error;
    }
  }

  #stageOf(placement: ChildSpec['placement']): ActorStage {
    const existing = this.#stages.get(placement);
    if (existing !== undefined) return existing;
    const stage = this.#create(placement);
    this.#stages.set(placement, stage);
    return stage;
  }

  #create(placement: ChildSpec['placement']): ActorStage {
    const { clock, pool } = this.#options;
    switch (placement) {
      case 'local':
        return new InProcessStage(clock);
      case 'thread':
        return this.#threads;
      case 'pool':
        return new PoolStage(pool, this.#options);
    }
  }
}

/** A pooled thread asks for its ports itself, when it needs them. */
const missingServices = ({ spec, ports }: RunRequest): readonly ServiceName[] =>
  spec.placement === 'pool' ? [] : (spec.services ?? []).filter((service) => !(service in ports));

export const createPlacementHost = (options: PlacementOptions): ActorHost =>
  new ActorHost(new PlacementStage(options), options);
