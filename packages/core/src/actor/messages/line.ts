// What joins an actor and its owner: pairs of tag and body (message.ts), in order, each at most once, never shared.
// Between threads it is a port (port-line.ts), within one a plain channel (local-line.ts).

export interface LineReceiver {
  receive(tag: number, body: unknown): void;
  /** What came together has been received. */
  settle(): void;
  /** The other end is gone. */
  closed(): void;
}

export interface Line {
  /** False when nothing that is sent will be received any more, as far as this end knows. */
  readonly isOpen: boolean;
  /** Whether what is sent may be lost with the other end's thread. */
  readonly crossesThreads: boolean;
  /** Called once, before anything is sent from the other end. */
  listen(receiver: LineReceiver): void;
  /** @throws DataCloneError when a thread could not take the body. */
  send(tag: number, body: unknown): void;
  /** Sends what waits to be sent together. */
  flush(): void;
  /** Receives what has arrived already, without waiting for the event loop. */
  drain(): void;
  /** Receives nothing until `resume`; what comes meanwhile waits. */
  pause(): void;
  resume(): void;
  /** After what was sent. Idempotent. */
  close(): void;
}
