// How a main thread that never came back is told: by name where it was seen, by kind where the call never returned. Pure.
import type { Subject } from '../../skill.ts';
import type { BlockKind, CodeLocation, Stall } from '../context.ts';
import type { Suspect } from './record.ts';

/** What main was doing, where the function is known. */
const DOING: { readonly [K in BlockKind]: string } = {
  javascript: 'running JavaScript',
  'native-cpu': 'computing in native calls',
  'native-io': 'waiting in native calls',
  lock: 'waiting in a lock',
  'garbage-collection': 'collecting garbage',
  'not-scheduled': 'without a core of the machine',
  unknown: 'doing something unknown',
};

/** What main was in, where no stack could be had. */
const INSIDE: { readonly [K in BlockKind]: string } = {
  javascript: 'JavaScript that could not be looked at',
  'native-cpu': 'a native call that computes and had not returned',
  'native-io': 'a native call that waits (for a file, a child process, the network) and had not returned',
  lock: 'a lock, or a native call that waits for other threads',
  'garbage-collection': 'a garbage collection',
  'not-scheduled': 'nothing long: the machine gave it no core',
  unknown: 'something that could not be told',
};

/** Looks of a stall until then: 4 in its first 350 ms, then 2 in a second. */
const looksIn = (durationMs: number): number => 4 + Math.max(0, durationMs - 350) / 500;

/**
 * The function that certainly blocks. In a native call main answers no look: a function that was seen in a few may be
 * what came before the call.
 */
export function certainCulprit({
  kind,
  culprit,
  culpritSamples,
  durationMs,
}: Stall): CodeLocation | undefined {
  const isNative = kind === 'native-cpu' || kind === 'native-io';
  return isNative && culpritSamples < looksIn(durationMs) / 2 ? undefined : culprit;
}

export function blockedStory(
  stall: Stall,
  suspects: readonly Suspect[],
): { readonly summary: string; readonly subjects: readonly Subject[] } {
  const { kind, durationMs } = stall;
  const culprit = certainCulprit(stall);
  const since = `Its main thread had been blocked for ${secondsOf(durationMs)} when it was last seen`;
  if (culprit !== undefined)
    return {
      summary: `${since}, ${DOING[kind]}, in ${placeOf(culprit)}: in ${stall.culpritSamples} of ${stall.samples} looks.`,
      subjects: [subjectOf(culprit, durationMs)],
    };
  return {
    summary: [`${since}, in ${INSIDE[kind]}${waitOf(stall)}.`, hintOf(kind, suspects)]
      .filter((part) => part !== '')
      .join(' '),
    subjects: [{ kind: 'process', name: 'main', value: durationMs, unit: 'ms' }],
  };
}

/** Where it waits in the kernel, as evidence. */
const waitOf = ({ native }: Stall): string =>
  native?.wchan === undefined ? '' : ` (in the kernel: ${native.wchan})`;

function hintOf(kind: BlockKind, suspects: readonly Suspect[]): string {
  if (kind === 'not-scheduled' || kind === 'garbage-collection') return '';
  const unknown = 'Which function it was is not known: a native call is named when it returns.';
  // Who computes by itself does not wait in a call of Node's.
  const fitting = kind === 'native-io' ? suspects.filter(({ nodeCall }) => nodeCall !== undefined) : suspects;
  if (fitting.length === 0) return unknown;
  const seen = fitting.map(
    ({ location, nodeCall, samples, ofSamples }) =>
      `${placeOf(location)}${nodeCall === undefined ? '' : `, which called ${nodeCall},`} in ${samples} of ${ofSamples} samples`,
  );
  return `${unknown} In the minute before, main was seen in ${seen.join('; ')}.`;
}

const subjectOf = ({ name, file, line }: CodeLocation, durationMs: number): Subject => ({
  kind: 'function',
  name,
  file,
  line,
  value: durationMs,
  unit: 'ms',
});

const placeOf = ({ name, file, line }: CodeLocation): string => `${name} (${file}:${line})`;

const secondsOf = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
