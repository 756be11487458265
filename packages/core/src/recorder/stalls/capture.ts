// One look at main while its beat is late: the kernel's view first, then its JavaScript stack, which is served only
// in JavaScript, a regular expression or a lock. Costs main about 1 ms; no debugger is involved.
import type { JsonObject } from '../../json.ts';
import type { BlockKind, Stall } from '../context.ts';
import { evaluatedValue, type MainSession } from '../instruments/inspector.ts';
import type { RawFrame } from '../instruments/source-map.ts';
import { blockKind, readTask, type TaskReading } from '../kernel/proc.ts';
import { monotonicMs } from '../monotonic.ts';

/** JavaScript answers within 5 ms; an answer later than this had waited for the end of a native call. */
const PROMPT_MS = 15;
/** Unanswered for this long, the request waits behind a native call. */
const ANSWER_MS = 50;
/** On a machine so busy that main hardly ran in that time, the verdict is put off this often. */
const MAX_DELAYS = 4;
/** While the request stays unanswered, the kind is judged again this often, in ms. */
const JUDGE_AGAIN_MS = 500;
const STACK_LIMIT = 64;
const EXPRESSION = `process.getBuiltinModule('node:util').getCallSites(${STACK_LIMIT},{sourceMap:false})`;

export interface CaptureNews {
  readonly kind: BlockKind;
  readonly native?: NonNullable<Stall['native']>;
  /** Innermost first; absent in news about the kind only. */
  readonly frames?: readonly RawFrame[];
  /** The stack came after the deadline: the native call had returned by then, so it may show what came after it. */
  readonly late?: boolean;
  /** For how long main has not answered since the news before, in ms; 0 when it answered at once. */
  readonly silentMs: number;
}

export interface CaptureOptions {
  readonly session: MainSession | undefined;
  /** Whether main has beaten again: what is read from then on tells nothing about the block. */
  readonly isOver: () => boolean;
  /** Called with the kind, or with kind and stack; while main does not answer, again and again with the kind. */
  readonly onNews: (news: CaptureNews) => void;
  /** Called once, when main has answered or never will. */
  readonly onSettled: () => void;
}

/** Starts a capture; everything else comes by the callbacks. */
export function capture({ session, isOver, onNews, onSettled }: CaptureOptions): void {
  const before = readTask(process.pid);
  const sentAt = monotonicMs();
  let delays = 0;
  let judged = false;
  let toldAt = sentAt;
  const tell = (news: Omit<CaptureNews, 'silentMs'>, isSilent: boolean): void => {
    const now = monotonicMs();
    onNews({ ...news, silentMs: isSilent ? now - toldAt : 0 });
    toldAt = now;
  };
  const verdict = (): Pick<CaptureNews, 'kind' | 'native'> => {
    const now = readTask(process.pid);
    const after = isOver() && before && now ? { ...before, at: now.at, cpuMs: now.cpuMs } : now;
    return { kind: blockKind(before, after, false), ...nativeOf(after) };
  };
  const judge = (): void => {
    if (isOver() && judged) return;
    const hasRun = hadItsChance(before, readTask(process.pid), sentAt) >= PROMPT_MS;
    if (session !== undefined && !hasRun && !isOver() && delays++ < MAX_DELAYS) {
      timer = setTimeout(judge, ANSWER_MS);
      return;
    }
    judged = true;
    tell(verdict(), true);
    if (session === undefined) onSettled();
    else timer = setTimeout(judge, JUDGE_AGAIN_MS);
  };
  let timer = setTimeout(judge, ANSWER_MS);
  session?.send('Runtime.evaluate', evaluation, (error, answer) => {
    clearTimeout(timer);
    // The session is closed: the process is ending.
    if (error !== undefined) return onSettled();
    const frames = parseFrames(answer, session);
    const seen = frames === undefined ? {} : { frames };
    if (judged) tell({ kind: 'unknown', late: true, ...seen }, true);
    else if (hadItsChance(before, readTask(process.pid), sentAt) > PROMPT_MS)
      tell({ ...verdict(), late: true, ...seen }, true);
    // Served with nothing on the stack: main is in its loop and was only not scheduled.
    else if (frames?.length === 0) tell({ kind: 'not-scheduled', ...nativeOf(before) }, false);
    else tell({ kind: blockKind(before, before, true), ...nativeOf(before), ...seen }, false);
    onSettled();
  });
}

/** How long main could have answered since `sentAt`, in ms: the CPU it got, or the time when it waits for something. */
function hadItsChance(
  before: TaskReading | undefined,
  after: TaskReading | undefined,
  sentAt: number,
): number {
  if (before?.state === 'R' && after?.state === 'R') return after.cpuMs - before.cpuMs;
  return monotonicMs() - sentAt;
}

const evaluation: JsonObject = { expression: EXPRESSION, returnByValue: true, silent: true };

function nativeOf(reading: TaskReading | undefined): Pick<CaptureNews, 'native'> {
  if (reading === undefined) return {};
  const { state, wchan, syscall } = reading;
  return {
    native: { state, ...(wchan !== undefined && { wchan }), ...(syscall !== undefined && { syscall }) },
  };
}

interface CallSite {
  readonly functionName: string;
  readonly scriptId: string;
  readonly scriptName: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** undefined when the expression threw: the user's code replaced `process`, or a getter on the way. */
function parseFrames(answer: JsonObject, session: MainSession): readonly RawFrame[] | undefined {
  let sites: readonly CallSite[];
  try {
    sites = (evaluatedValue(answer) ?? []) as unknown as readonly CallSite[];
  } catch {
    // Thrown is answered too, so the kind is known; the profile has the name.
    return undefined;
  }
  for (const site of sites) session.scripts.note(site.scriptId, site.scriptName);
  return sites
    .filter(({ scriptName }) => scriptName !== '')
    .map((site) => ({
      name: site.functionName,
      url: site.scriptName,
      line: site.lineNumber,
      column: site.columnNumber,
    }));
}
