// Which functions make the Buffers that are kept. V8's sampler does not see the memory of a Buffer, but it sees the
// small objects around it (a Buffer itself takes 200 bytes of heap), the profile sees who runs, and the source says
// who makes Buffers: a function counts that is in the source AND was measured.
import { type CallContext, type CodeLocation, isError, type RecorderContext } from '@nodelens/core';
import { round } from '../wording.ts';
import { createSourceFiles, type SourceFiles } from './source-files.ts';
import { helpersOf, type Maker, makersIn } from './source-text.ts';

type Frame = Pick<CodeLocation, 'name' | 'file' | 'line'>;

export interface BufferMaker extends Frame {
  /** How, and in which lines. */
  readonly makes: readonly Maker[];
  /** Nearest first. */
  readonly callers: readonly Frame[];
  /** The objects on the heap that it allocated and that are alive; they stand for its Buffers, which are not counted. */
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
    const key = `${name}\0${file}\0${line}`;
    const known = functions.get(key) ?? {
      name,
      file,
      line,
      ...(column !== undefined && { column }),
      callers: callers.slice(0, MAX_CALLERS).map(frameOf),
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
  const makers = new Map<string, BufferMaker>();
  for (const one of functions.toSorted(byLikelihood).slice(0, MAX_FUNCTIONS))
    for (const maker of await makersOf(one, files)) {
      const key = `${maker.name}\0${maker.file}\0${maker.line}`;
      const known = makers.get(key);
      makers.set(key, known === undefined ? maker : merged(known, maker));
    }
  return [...makers.values()].toSorted(byLikelihood).slice(0, MAX_MAKERS);
}

/** The function itself, or those of its file that it calls: the sampler books an inlined function on its caller. */
async function makersOf(one: Measured, files: SourceFiles): Promise<readonly BufferMaker[]> {
  const source = await files.read(one.file);
  if (source === undefined) return [];
  const { aliveHeapMb, samples, callers } = one;
  const makes = makersIn(source, one);
  if (makes.length > 0) return [{ ...frameOf(one), makes, callers, aliveHeapMb, samples }];
  return helpersOf(source, one).map(({ name, line, makes: made }) => ({
    name,
    file: one.file,
    line,
    makes: made,
    callers: [frameOf(one), ...callers].slice(0, MAX_CALLERS),
    aliveHeapMb,
    samples: 0,
  }));
}

const merged = (one: BufferMaker, other: BufferMaker): BufferMaker => ({
  ...one,
  callers: one.callers.length > 0 ? one.callers : other.callers,
  aliveHeapMb: one.aliveHeapMb + other.aliveHeapMb,
  samples: one.samples + other.samples,
});

/** What is alive is kept; what merely runs may drop all it makes. */
const byLikelihood = (
  a: Pick<Measured, 'aliveHeapMb' | 'samples'>,
  b: Pick<Measured, 'aliveHeapMb' | 'samples'>,
): number => b.aliveHeapMb - a.aliveHeapMb || b.samples - a.samples;

const frameOf = ({ name, file, line }: Frame): Frame => ({ name, file, line });
