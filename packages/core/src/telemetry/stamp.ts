// When an event happened, told by the thread on which it did: main may hear of it only seconds later.

/** A type, not an interface: the event stays JSON. */
export type Stamp = {
  /** Wall-clock ms at which it happened. */
  readonly atMs: number;
};

/** The event with its time; one that has been stamped further down keeps it. */
export const stamped = <E extends object>(event: E, nowMs: number): E & Stamp => ({
  ...event,
  atMs: (event as Partial<Stamp>).atMs ?? nowMs,
});
