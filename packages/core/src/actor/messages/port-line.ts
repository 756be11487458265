// An actor's line over a port. What is sent first in a turn leaves at once, so that it is under way even if this thread
// blocks next; what follows in the same turn goes together, as one packet, at its end or as soon as it is long enough.
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { copyMessage } from './copy-message.ts';
import { flushAtExit } from './exit-flush.ts';
import type { Line, LineReceiver } from './line.ts';
import { SIGNAL } from './message.ts';

/** A microtask by way of it costs a third of `queueMicrotask`; what runs there must not throw. */
const settled = Promise.resolve();
/** Pairs in a packet at most. */
const MAX_PACKET = 128;

export class PortLine implements Line {
  readonly crossesThreads = true;
  readonly #port: MessagePort;
  readonly #maxLength: number;
  readonly #onMessage = (packet: unknown): void => this.#receive(packet);
  readonly #endTurn = (): void => {
    this.#isTurnOpen = false;
    this.flush();
  };
  #packet: unknown[] = [];
  #isTurnOpen = false;
  #isOpen = true;
  #isPaused = false;
  #receiver: LineReceiver | undefined;
  #forgetExit: (() => void) | undefined;

  /** @param capacity of the mailbox at the other end: what goes together must fit into it together. */
  constructor(port: MessagePort, capacity: number = MAX_PACKET) {
    this.#port = port;
    this.#maxLength = 2 * Math.max(1, Math.min(MAX_PACKET, capacity));
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  listen(receiver: LineReceiver): void {
    this.#receiver = receiver;
    this.#forgetExit = flushAtExit(this);
    this.#port.on('close', () => this.#closed());
    this.#attach();
  }

  send(tag: number, body: unknown): void {
    if (!this.#isTurnOpen) {
      this.#port.postMessage([tag, body]);
      this.#isTurnOpen = true;
      void settled.then(this.#endTurn);
      return;
    }
    this.#packet.push(tag, copyMessage(body));
    if (this.#packet.length >= this.#maxLength) this.flush();
  }

  flush(): void {
    if (this.#packet.length === 0) return;
    const packet = this.#packet;
    this.#packet = [];
    this.#port.postMessage(packet);
  }

  drain(): void {
    for (;;) {
      const next = receiveMessageOnPort(this.#port);
      if (next === undefined) return;
      this.#receive(next.message);
    }
  }

  pause(): void {
    this.#isPaused = true;
    this.#port.off('message', this.#onMessage);
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    if (this.#isOpen) this.#attach();
  }

  close(): void {
    this.flush();
    this.#port.close();
    this.#leave();
  }

  #attach(): void {
    this.#port.on('message', this.#onMessage);
    this.#port.unref();
  }

  /** A stranger's message must not harm: what is no pair is passed over. */
  #receive(packet: unknown): void {
    const receiver = this.#receiver;
    if (!Array.isArray(packet) || receiver === undefined) return;
    let at = 0;
    try {
      for (; at + 1 < packet.length; at += 2) {
        const tag: unknown = packet[at];
        if (Number.isInteger(tag) && (tag as number) >= SIGNAL)
          receiver.receive(tag as number, packet[at + 1]);
      }
    } finally {
      // A listener threw: the rest is not lost.
      if (at + 1 < packet.length) queueMicrotask(() => this.#receive(packet.slice(at + 2)));
    }
    receiver.settle();
  }

  #closed(): void {
    this.#leave();
    this.#receiver?.closed();
  }

  #leave(): void {
    this.#isOpen = false;
    this.#forgetExit?.();
    this.#forgetExit = undefined;
  }
}
