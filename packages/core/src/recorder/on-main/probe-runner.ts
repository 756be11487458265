// Runs the skills' probes on main: loads them synchronously, batches what they tell, bounds it, undoes them. A probe
// that fails is a limitation of its skill; the app never notices.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { reasonOf } from '../../errors.ts';
import type { JsonObject, JsonValue } from '../../json.ts';
import type { SkillSpec } from '../../skill.ts';
import {
  ASK_PROBE,
  DROPPED,
  EMITTED,
  type Probe,
  type ProbeLink,
  type ProbePort,
  type ProbeSpec,
  probeKey,
  RESERVED,
} from '../probe.ts';

// Taken at load: a user's fake timers must not hold events back.
const startTimer = setTimeout;
const stopTimer = clearTimeout;
const now = performance.now.bind(performance);

const BATCH = 64;
/** How long an event waits for others: each hand-over wakes the recorder, which costs main 10 us and far more. In ms. */
const GATHER_MS = 250;
/** Events of one probe in a second; more would be felt. */
const MAX_PER_SECOND = 1_000;

export type SendEvents = (key: string, events: readonly JsonObject[]) => void;

export interface ProbeRunner {
  /** Starts the probes of a skill; returns those that did not run already. Never throws. */
  start(spec: SkillSpec): readonly ProbeLink[];
  /** That version of its skill is the one that counts: probes that only another version of it wanted are ended. */
  settle(spec: SkillSpec): void;
  stop(): void;
}

interface Running {
  readonly answer: (question: JsonObject) => JsonValue;
  end(): void;
}

export function createProbeRunner(send: SendEvents): ProbeRunner {
  const running = new Map<string, Running>();
  /** Keys by skill. */
  const wanted = new Map<string, ReadonlySet<string>>();
  const startOne = (probe: ProbeSpec, options: JsonObject): ProbeLink => {
    const key = probeKey(probe);
    const memory = new SharedArrayBuffer(8 * (RESERVED + (probe.numbers ?? 0)));
    const outlet = createOutlet(memory, (events) => send(key, events));
    try {
      const undo = load(probe)(outlet.port, options);
      const end = (): void => {
        outlet.close();
        attempt(undo);
      };
      running.set(key, { answer: outlet.answer, end });
      return { key, memory };
    } catch (error) {
      outlet.close();
      return { key, memory, failure: reasonOf(error) };
    }
  };
  return {
    start({ id, probes = [], options }) {
      wanted.set(id, new Set([...(wanted.get(id) ?? []), ...probes.map(probeKey)]));
      const links = probes.flatMap((probe) =>
        running.has(probeKey(probe)) ? [] : [startOne(probe, options)],
      );
      if (running.size > 0) publish((key, question) => running.get(key)?.answer(question) ?? null);
      return links;
    },
    settle({ id, probes = [] }) {
      wanted.set(id, new Set(probes.map(probeKey)));
      for (const [key, { end }] of running) {
        if ([...wanted.values()].some((keys) => keys.has(key))) continue;
        running.delete(key);
        end();
      }
    },
    stop() {
      for (const { end } of running.values()) end();
      running.clear();
      Reflect.deleteProperty(process, Symbol.for(ASK_PROBE));
    },
  };
}

/** The recorder reaches it through the inspector. */
function publish(ask: (key: string, question: JsonObject) => JsonValue): void {
  Object.defineProperty(process, Symbol.for(ASK_PROBE), { value: ask, configurable: true });
}

function load({ module, exportName }: ProbeSpec): Probe {
  const exported = createRequire(import.meta.url)(fileURLToPath(module)) as Record<string, unknown>;
  const probe = exported[exportName];
  if (typeof probe !== 'function') throw new TypeError(`${module} has no function named "${exportName}".`);
  return probe as Probe;
}

interface Outlet {
  readonly port: ProbePort;
  readonly answer: (question: JsonObject) => JsonValue;
  close(): void;
}

function createOutlet(memory: SharedArrayBuffer, send: (events: readonly JsonObject[]) => void): Outlet {
  const counters = new Float64Array(memory, 0, RESERVED);
  let waiting: JsonObject[] = [];
  let isClosed = false;
  let answerer: (question: JsonObject) => JsonValue = () => null;
  let windowAt = now();
  let inWindow = 0;
  const count = (slot: number): void => {
    counters[slot] = (counters[slot] ?? 0) + 1;
  };
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    stopTimer(timer);
    const events = waiting;
    waiting = [];
    if (events.length === 0 || isClosed) return;
    if (attempt(() => send(events))) return;
    // One that cannot be cloned must not take the others with it.
    for (const event of events) if (!attempt(() => send([event]))) count(DROPPED);
  };
  const isAdmitted = (): boolean => {
    const at = now();
    if (at - windowAt >= 1_000) {
      windowAt = at;
      inWindow = 0;
    }
    inWindow += 1;
    return inWindow <= MAX_PER_SECOND;
  };
  return {
    port: {
      numbers: new Float64Array(memory, 8 * RESERVED),
      emit(event) {
        if (isClosed) return;
        count(EMITTED);
        if (!isAdmitted()) {
          count(DROPPED);
          return;
        }
        waiting.push(event);
        if (waiting.length === 1) timer = startTimer(flush, GATHER_MS).unref();
        if (waiting.length >= BATCH) flush();
      },
      answer(given) {
        answerer = given;
      },
    },
    answer: (question) => answerer(question),
    close() {
      isClosed = true;
      stopTimer(timer);
      waiting = [];
    },
  };
}

/** Whether it went well. An undo that throws leaves its own listeners at worst; the stop must go on. */
function attempt(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}
