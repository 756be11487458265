// The ways in which a process may end, and what it is busy with at that moment. Data for both driver and service.

/** How it ends. */
export const WAYS = [
  'natural',
  'process.exit',
  'exit in an exit listener',
  'reallyExit',
  'SIGTERM',
  'SIGTERM with handler',
  'kill self',
  'uncaught error',
  'unhandled rejection',
  'stop, then natural',
] as const;
export type Way = (typeof WAYS)[number];

/** What goes on when the end comes. */
export const PHASES = [
  'starting',
  'idle',
  'captures',
  'native calls',
  'readings',
  'http load',
  'launcher',
] as const;
export type Phase = (typeof PHASES)[number];

/** One process of the stress test; the service gets it as JSON. */
export interface Life {
  readonly way: Way;
  readonly phase: Phase;
  readonly attached: boolean;
  /** Folder of its control socket. */
  readonly controlDirectory: string;
  /** Folder of its black box, which must hear of every orderly end. */
  readonly dataDir?: string;
  /** From `go` (ready, or the start when starting) to the end, in ms. */
  readonly delayMs: number;
}

/** The service says this on stdout when its end is due; the driver then sends the signal, if it is one. */
export const DUE = 'due';
