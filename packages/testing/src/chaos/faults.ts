// What can go wrong, and where: the vocabulary of a chaos run.

/** Ends the thread in which it happens, or makes its host end it. */
export const lethalFaults = [
  /** A throw that nobody catches, from a timer. */
  'throw',
  /** A rejection that nobody handles. */
  'rejection',
  /** `process.exit` in the thread. */
  'exit',
  /** Ordinary objects, kept until there is no memory. */
  'out-of-memory',
  /** A loop in which the thread's event loop stands still. */
  'sync-loop',
  /** A loop in which it turns all the time, for ever. */
  'async-loop',
] as const;
export type LethalFault = (typeof lethalFaults)[number];

/** Those that are over at once: a loop burns a core until it is seen. */
export const quickFaults: readonly [LethalFault, ...LethalFault[]] = [
  'throw',
  'rejection',
  'exit',
  'out-of-memory',
];

/** Disturbs without ending: of a model (its answers) or of a skill (its snapshots). */
export const softFaults = [
  /** Never answers, and does not listen to an abort. */
  'hang',
  /** Answers, seconds late. */
  'late',
  /** Rejects, with values that are no errors as well. */
  'failure',
  /** Answers what is no answer: null, wrong types, cycles, unknown tools. */
  'garbage',
  /** Hundreds of tool calls in one answer, each with an event of its own. */
  'flood',
] as const;
export type SoftFault = (typeof softFaults)[number];

/** Of the launcher: nobody's code runs there, so it can only be hit from its parent's side. */
export const launcherFaults = [
  /** `worker.terminate()`. */
  'terminated',
  /** A message that is none: its handler throws. */
  'malformed-message',
  /** Thousands of messages at once. */
  'message-flood',
] as const;
export type LauncherFault = (typeof launcherFaults)[number];

export type Fault = LethalFault | SoftFault | LauncherFault;

/** Where a fault happens. */
export type Place =
  /** A pooled thread, in the model of an on-demand operator. */
  | 'operator'
  /** The coordinator on main: only soft faults, for its thread is the service's own. */
  | 'coordinator'
  /** The coordinator on a thread of its own, of an investigation over the control socket. */
  | 'stand-in'
  /** A continuous operator's thread. */
  | 'continuous'
  | 'recorder'
  | 'launcher'
  /** A user's skill, on main. */
  | 'main-skill';

/** How long it takes at most until a host sees that such a thread must go, in ms: heartbeats and shares are windows. */
export const detectedWithinMs = (place: Place, fault: Fault): number => {
  if (fault === 'async-loop') return 30_000;
  if (fault === 'out-of-memory') return 5_000;
  if (fault !== 'sync-loop') return 1_000;
  return place === 'recorder' ? 12_000 : 7_000;
};

export const isLethal = (fault: Fault): fault is LethalFault =>
  (lethalFaults as readonly string[]).includes(fault);
