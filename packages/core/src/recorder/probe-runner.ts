// Runs the skills' probes on main: loads them synchronously, batches what they tell, bounds it, undoes them. A probe
// that fails is a limitation of its skill; the app never notices.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { reasonOf } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { SkillSpec } from '../skill.ts';
import { DROPPED, EMITTED, type Probe, type ProbeLink, type ProbePort, RESERVED } from './probe.ts';

// Taken at load: a user's fake timers must not hold events back.
const soon = setImmediate;
const now = performance.now.bind(performance);

const BATCH = 64;
/** Events of one probe in a second; more would be felt. */
const MAX_PER_SECOND = 1_000;

export type SendEvents = (skill: string, events: readonly JsonObject[]) => void;

export interface ProbeRunner {
  /** Starts the probe of a skill; undefined when it has none, or it runs already. Never throws. */
  start(spec: SkillSpec): ProbeLink | undefined;
  stop(): void;
}

export function createProbeRunner(send: SendEvents): ProbeRunner {
  const running = new Map<string, () => void>();
  return {
    start(spec) {
      const { id, probe, options } = spec;
      if (probe === undefined || running.has(id)) return undefined;
      const memory = new SharedArrayBuffer(8 * (RESERVED + (probe.numbers ?? 0)));
      const outlet = createOutlet(memory, (events) => send(id, events));
      try {
        const undo = load(probe)(outlet.port, options);
        running.set(id, () => {
          outlet.close();
          attempt(undo);
        });
        return { skill: id, memory };
      } catch (error) {
        outlet.close();
        return { skill: id, memory, failure: reasonOf(error) };
      }
    },
    stop() {
      for (const end of running.values()) end();
      running.clear();
    },
  };
}

function load({ module, exportName }: NonNullable<SkillSpec['probe']>): Probe {
  const exported = createRequire(import.meta.url)(fileURLToPath(module)) as Record<string, unknown>;
  const probe = exported[exportName];
  if (typeof probe !== 'function') throw new TypeError(`${module} has no function named "${exportName}".`);
  return probe as Probe;
}

interface Outlet {
  readonly port: ProbePort;
  close(): void;
}

function createOutlet(memory: SharedArrayBuffer, send: (events: readonly JsonObject[]) => void): Outlet {
  const counters = new Float64Array(memory, 0, RESERVED);
  let waiting: JsonObject[] = [];
  let isClosed = false;
  let windowAt = now();
  let inWindow = 0;
  const count = (slot: number, by = 1): void => {
    counters[slot] = (counters[slot] ?? 0) + by;
  };
  const flush = (): void => {
    const events = waiting;
    waiting = [];
    if (events.length === 0 || isClosed) return;
    try {
      send(events);
    } catch {
      count(DROPPED, events.length);
    }
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
        if (waiting.length === 1) soon(flush).unref();
        if (waiting.length >= BATCH) flush();
      },
    },
    close() {
      isClosed = true;
      waiting = [];
    },
  };
}

function attempt(undo: () => void): void {
  try {
    undo();
  } catch {
    // Its own listeners at worst; the stop must go on.
  }
}
