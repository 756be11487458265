// Actors in this thread. Their messages are copied, so nothing passes here that a thread would refuse, but over a plain
// channel, without ports. A blocked actor blocks this thread, and cannot be killed while it blocks.

import { Cell } from '../cell.ts';
import { type Clock, systemClock } from '../clock.ts';
import { PortLine } from '../messages/port-line.ts';
import {
  ActorHost,
  type ActorRun,
  type ActorStage,
  type HostOptions,
  type LocalRunRequest,
  type RunRequest,
} from './actor-host.ts';

export class InProcessStage implements ActorStage {
  readonly #clock: Clock;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  run({ spec, port, ports }: RunRequest): ActorRun {
    return this.runHere({ spec, line: new PortLine(port), ports });
  }

  runHere({ spec, line, ports }: LocalRunRequest): ActorRun {
    // The input too: an actor must not share objects with its starter.
    const cell = new Cell({ spec: structuredClone(spec), line, ports, clock: this.#clock });
    return { ended: cell.ended, cancelStart() {}, kill: (why) => cell.kill({ kind: 'killed', why }) };
  }

  async close(): Promise<void> {}
}

export const createInProcessHost = (options: HostOptions = {}): ActorHost =>
  new ActorHost(new InProcessStage(options.clock), options);
