// What a conclusion about blocks says beyond their function: the requests that main was serving, the child process that
// it waited for, and whether ticks or microtasks never end. Pure.
import type { JsonObject, Subject } from '@nodelens/core';
import { listOf, numberOf, objectOf, type Place, placeOf, textOf } from '../evidence.ts';
import { routeOf } from '../requests/route-name.ts';
import { figure, functionSubject, ms, place } from '../wording.ts';

/** An older one waits for something else (a long poll, a stream): the block is not of its making. */
const OLD_MS = 1_000;

export interface Served {
  /** As the skill http names it. */
  readonly route: string;
  readonly isOld: boolean;
}

export interface BlockDetails {
  readonly durationMs: number;
  /** The last to begin first. */
  readonly requests: readonly Served[];
  readonly requestCount: number;
  readonly starvation: 'ticks' | 'microtasks' | undefined;
  readonly callback: (Place & { readonly seen: number; readonly of: number }) | undefined;
  /** That main has started in it and that ran while it waited. */
  readonly children: readonly Child[];
}

export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly ageMs: number;
  readonly cpuMs: number;
}

/** @param stall as runtime_stalls() tells it */
export function detailsOf({
  startedAtMs,
  durationMs,
  starvation,
  callback,
  requests,
  requestCount,
  children,
}: JsonObject): BlockDetails {
  const where = placeOf(callback);
  const { seen, of } = objectOf(callback);
  return {
    durationMs: numberOf(durationMs),
    requests: listOf(requests).map((request) => ({
      route: `${textOf(request.method)} ${routeOf(textOf(request.path))}`,
      isOld: numberOf(startedAtMs) - numberOf(request.startedAtMs) > OLD_MS,
    })),
    requestCount: numberOf(requestCount),
    starvation: starvation === 'ticks' || starvation === 'microtasks' ? starvation : undefined,
    callback: where && { ...where, seen: numberOf(seen), of: numberOf(of) },
    children: listOf(children).map((child) => ({
      name: textOf(child.name),
      pid: numberOf(child.pid),
      ageMs: numberOf(child.ageMs),
      cpuMs: numberOf(child.cpuMs),
    })),
  };
}

const freshOf = ({ requests }: BlockDetails): readonly string[] =>
  requests.filter(({ isOld }) => !isOld).map(({ route }) => route);

/** A sentence with a space before it; empty where nothing is known. */
export function requestsText(blocks: readonly BlockDetails[]): string {
  const served = blocks.filter((block) => freshOf(block).length > 0);
  const [only] = served;
  if (only === undefined) return '';
  const [last = ''] = freshOf(only);
  if (blocks.length > 1) {
    const { route, count } = mostFrequent(served.map((block) => new Set(freshOf(block))));
    return ` ${route} was being served in ${count} of ${blocks.length} of them.`;
  }
  if (only.requestCount === 1) return ` The request ${last} was being served.`;
  return ` ${figure(only.requestCount)} requests were being served, the last to begin was ${last}.`;
}

/** The one request that main was serving; with several in flight it is not known whose the block was. */
export function requestSubjects(blocks: readonly BlockDetails[]): readonly Subject[] {
  const routes = new Set(blocks.flatMap(({ requests }) => requests.map(({ route }) => route)));
  const isOld = blocks.some(({ requests }) => requests.some((request) => request.isOld));
  const [route] = routes;
  if (route === undefined || routes.size > 1 || isOld) return [];
  return [{ kind: 'endpoint', name: route }];
}

function mostFrequent(sets: readonly ReadonlySet<string>[]): { route: string; count: number } {
  const all = sets.flatMap((set) => [...set]);
  const [first] = [...Map.groupBy(all, (route) => route)]
    .map(([route, { length }]) => ({ route, count: length }))
    .sort((a, b) => b.count - a.count);
  return first ?? { route: '', count: 0 };
}

/** A child that has used less of its time waits itself. */
const IDLE_SHARE = 0.2;

/** A sentence with a space before it; empty where main has waited for none. */
export function childrenText(blocks: readonly BlockDetails[]): string {
  const [child] = (blocks.find(({ children }) => children.length > 0) ?? { children: [] }).children;
  if (child === undefined) return '';
  const { name, pid, ageMs, cpuMs } = child;
  const isIdle = ageMs >= 1_000 && cpuMs < IDLE_SHARE * ageMs;
  return ` Its child process ${name} (${pid}) had run for ${ms(ageMs)} then and used ${ms(cpuMs)} of CPU${isIdle ? ': it waits for something itself' : ''}.`;
}

export function childSubjects(blocks: readonly BlockDetails[]): readonly Subject[] {
  const [child] = (blocks.find(({ children }) => children.length > 0) ?? { children: [] }).children;
  return child === undefined
    ? []
    : [{ kind: 'process', name: child.name, value: Math.round(child.ageMs), unit: 'ms' }];
}

const STARVED: { readonly [kind in 'ticks' | 'microtasks']: { readonly what: string; readonly by: string } } =
  {
    ticks: { what: 'Ticks (process.nextTick) ran', by: 'with process.nextTick' },
    microtasks: { what: 'Microtasks (promises) ran', by: 'through a promise' },
  };

export interface StarvationTold {
  /** With a space before it. */
  readonly observation: string;
  readonly hypothesis: string;
  readonly subjects: readonly Subject[];
}

/** Undefined where no block is of this kind. */
export function starvationTold(blocks: readonly BlockDetails[]): StarvationTold | undefined {
  const block = blocks.find(({ starvation }) => starvation !== undefined);
  if (block?.starvation === undefined) return undefined;
  const { what, by } = STARVED[block.starvation];
  const { callback, durationMs } = block;
  const observation = ` ${what} one after another all the while, each followed by a new one, and the loop did not turn in between.`;
  if (callback === undefined)
    return {
      observation,
      hypothesis: `A callback re-queues itself ${by}: ${block.starvation} never end, so no request, timer or reply is served.`,
      subjects: [],
    };
  return {
    observation: `${observation} ${place(callback)} was the callback in ${callback.seen} of ${callback.of} looks.`,
    hypothesis: `${callback.name} re-queues itself ${by}: ${block.starvation} never end, so no request, timer or reply is served. setImmediate would let the loop turn.`,
    subjects: [functionSubject(callback, durationMs, 'ms')],
  };
}
