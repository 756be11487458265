// Which functions make the Buffers that are kept. V8's sampler does not see the memory of a Buffer, but it sees the
// small objects around it (a Buffer itself takes 200 bytes of heap), the profile sees who runs, and the source says
// who makes Buffers: a function counts that is in the source AND was measured.
import { type CallContext, type CodeLocation, isError, type RecorderContext } from '@nodelens/core';
import { round } from '../wording.ts';
import { type Helper, helpersOf, type Maker, makersIn } from './makers.ts';
import { createSourceFiles } from './source-files.ts';

type Frame = Pick<CodeLocation, 'name' | 'file' | 'line'>;

export interface BufferMaker extends Frame {
  /** How, and in which lines. */
  readonly makes: readonly Maker[];
  /** Nearest first. */
  readonly callers: readonly Frame[];
  /**
   * The objects on the heap that it allocated and that are alive; they stand for its Buffers, which are not counted.
   * Some may be those of the functions that call it: V8 books inlined functions on their callers.
   */
  readonly aliveHeapMb: number;
  /** Samples of main's CPU in the last minute that have it on the stack. */
  readonly samples: number;
}

export interface MakersReading {
  /** The likeliest to keep what it makes first. */
  readonly makers: readonly BufferMaker[];
  /** After the full collection that the reading forces, in MB; undefined when there was none. */
  readonly externalAfterGcMb: number | undefined;
  readonly unavailable: readonly string[];
}

interface Measured extends CodeLocation {
  readonly callers: readonly Frame[];
  aliveHeapMb: number;
  samples: number;
}

interface Candidate extends Omit<BufferMaker, 'callers' | 'aliveHeapMb'> {
  readonly allCallers: readonly Frame[];
  aliveHeapMb: number;
}

const PROFILE_MS = 60_000;
const MAX_FUNCTIONS = 60;
const MAX_MAKERS = 8;
const MAX_CALLERS = 3;

export async function readBufferMakers(context: RecorderContext, call: CallContext): Promise<MakersReading> {
  const unavailable: string[] = [];
  const attempt = async <T>(what: string, reading: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await reading();
    } catch (error) {
      if (!isError(error)) throw error;
      unavailable.push(`${what}: ${error.message}`);
      return undefined;
    }
  };
  const alive = await attempt('live allocations', () => context.liveAllocations(call.maxPauseMs));
  const externalAfterGcMb =
    alive === undefined ? undefined : await attempt('external memory now', () => readExternalMb(context));
  const profile = await attempt('CPU profile', () => context.profile(PROFILE_MS));
  const functions = new Map<string, Measured>();
  const measured = ({ name, file, line, column }: CodeLocation, callers: readonly Frame[]): Measured => {
    const key = keyOf({ name, file, line });
    const known = functions.get(key) ?? {
      name,
      file,
      line,
      ...(column !== undefined && { column }),
      callers: callers.map(frameOf),
      aliveHeapMb: 0,
      samples: 0,
    };
    functions.set(key, known);
    return known;
  };
  for (const site of alive?.sites ?? []) measured(site, site.callers).aliveHeapMb += site.bytes / 1_048_576;
  for (const hot of profile?.functions ?? []) measured(hot, hot.callers).samples += hot.samples;
  return { makers: await makersAmong([...functions.values()]), externalAfterGcMb, unavailable };
}

const readExternalMb = async ({ inspector }: RecorderContext): Promise<number> =>
  round(Number(await inspector.evaluate('process.memoryUsage().external')) / 1_048_576);

async function makersAmong(functions: readonly Measured[]): Promise<readonly BufferMaker[]> {
  const files = createSourceFiles();
  const looked = functions.toSorted(byLikelihood).slice(0, MAX_FUNCTIONS);
  const makers = new Map<string, Candidate>();
  for (const one of looked) {
    const source = await files.read(one.file);
    const makes = source === undefined ? [] : makersIn(source, one);
    if (makes.length > 0)
      makers.set(keyOf(one), { ...frameOf(one), makes, ...callersOf(one), aliveHeapMb: 0 });
  }
  for (const one of looked.filter(({ aliveHeapMb }) => aliveHeapMb > 0)) {
    const source = await files.read(one.file);
    const helpers = source === undefined ? [] : helpersOf(source, one);
    for (const maker of bookedOn(one, helpers, makers)) maker.aliveHeapMb += one.aliveHeapMb;
  }
  return [...makers.values()]
    .toSorted(byLikelihood)
    .slice(0, MAX_MAKERS)
    .map(({ allCallers, ...maker }) => ({ ...maker, callers: allCallers.slice(0, MAX_CALLERS) }));
}

/**
 * Whose objects may be booked on a function: its own, and those of the functions that it calls, for the sampler
 * knows no inlined functions. Those that are done with what they make do not count where another hands it on.
 */
function bookedOn(
  one: Measured,
  helpers: readonly Helper[],
  makers: Map<string, Candidate>,
): readonly Candidate[] {
  const key = keyOf(one);
  const called = helpers.map(({ name, line, makes }): Candidate => {
    const frame = { name, file: one.file, line };
    const known = makers.get(keyOf(frame)) ?? {
      ...frame,
      makes,
      allCallers: [frameOf(one), ...one.callers],
      aliveHeapMb: 0,
      samples: 0,
    };
    makers.set(keyOf(frame), known);
    return known;
  });
  const running = [...makers.values()].filter(({ allCallers }) =>
    allCallers.some((caller) => keyOf(caller) === key),
  );
  const own = makers.get(key);
  const all = [...new Set([...(own === undefined ? [] : [own]), ...called, ...running])];
  const handingOn = all.filter(({ makes }) => makes.some(({ isHandedOn }) => isHandedOn));
  return handingOn.length > 0 ? handingOn : all;
}

const keyOf = ({ name, file, line }: Frame): string => `${name}\0${file}\0${line}`;

const callersOf = ({ callers, samples }: Measured): Pick<Candidate, 'allCallers' | 'samples'> => ({
  allCallers: callers,
  samples,
});

/** What is alive is kept; what merely runs may drop all it makes. */
const byLikelihood = (
  a: Pick<Measured, 'aliveHeapMb' | 'samples'>,
  b: Pick<Measured, 'aliveHeapMb' | 'samples'>,
): number => b.aliveHeapMb - a.aliveHeapMb || b.samples - a.samples;

const frameOf = ({ name, file, line }: Frame): Frame => ({ name, file, line });
