// Main's heap and the limit at which V8 gives up, as only main can tell them; each isolate has its own.
import type { MainInspector } from '../context.ts';

const MB = 1_048_576;
/** Nobody waits for it: a main that is busy with collections answers between two of them, in ms. */
const TIMEOUT_MS = 5_000;
/** A main that does not serve it is in a native call, and its heap stands still, in ms. */
const USED_MS = 400;
const statistic = (name: string): string => `process.getBuiltinModule('node:v8').getHeapStatistics().${name}`;

/** In MB. V8's own figure counts the young generation too; what a process dies of is a full old one. */
export async function askHeapLimit(
  inspector: MainInspector,
  options: readonly string[],
): Promise<number | undefined> {
  const given = givenLimitMb(options);
  try {
    const bytes = Number(await inspector.evaluate(statistic('heap_size_limit'), { timeoutMs: TIMEOUT_MS }));
    return Math.min(Math.round(bytes / MB), given ?? Number.POSITIVE_INFINITY);
  } catch {
    return given;
  }
}

/** In MB; undefined when main does not answer. */
export async function askHeapUsed(inspector: MainInspector): Promise<number | undefined> {
  try {
    const bytes = Number(await inspector.evaluate(statistic('used_heap_size'), { timeoutMs: USED_MS }));
    return Number.isFinite(bytes) ? Math.round((bytes / MB) * 10) / 10 : undefined;
  } catch {
    return undefined;
  }
}

/** Of the command line or NODE_OPTIONS; the last one counts. */
export function givenLimitMb(options: readonly string[]): number | undefined {
  const found = [...options.join(' ').matchAll(/--max[-_]old[-_]space[-_]size[= ](\d+)/g)];
  const last = found.at(-1)?.[1];
  return last === undefined ? undefined : Number(last);
}
