// The check `vm-events.listener_leak`: listeners are added and not removed. Node's warning alone does not say so: what
// has stayed since is a limit set too low. Pure.
import type { Check, Conclusion, JsonObject, JsonValue, Subject } from '@nodelens/core';
import { listOf, numberOf, objectOf, type Place, placeOf, textOf } from '../evidence.ts';
import { figure, functionSubject, place } from '../wording.ts';

/** Node's default limit (`events.defaultMaxListeners`): as many again since the warning, and it goes on. */
const RISEN = 10;
/** Node warns once per emitter and event: so many warnings from one place are so many emitters. */
const EMITTERS = 3;
const NAMED = 3;

export const listenerLeak: Check = {
  id: 'vm-events.listener_leak',
  when: (snapshot) => {
    const warnings = numberOf(snapshot.listenerWarnings);
    return warnings === 0 ? undefined : { listenerWarnings: warnings };
  },
  investigate: `return { growth: await vm_events_listener_growth(), kinds: await vm_events_warning_kinds(300) };`,
  conclude: (evidence) => conclude(evidence),
  explains: ['runtime.memory_growth'],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const { growth, kinds } = objectOf(evidence);
  const known = listOf(growth);
  const grown = known
    .filter(({ risen }) => numberOf(risen) >= RISEN)
    .sort((a, b) => numberOf(b.listeners) - numberOf(a.listeners));
  if (grown[0] !== undefined) return growing(grown[0], grown);
  const repeated = listOf(kinds).find(
    ({ name, count }) => name === 'MaxListenersExceededWarning' && numberOf(count) >= EMITTERS,
  );
  if (repeated !== undefined) return manyEmitters(repeated);
  const [newest] = known;
  return newest !== undefined && newest.listeners === null && newest.isGone !== true
    ? unknownGrowth(newest)
    : undefined;
}

function growing(worst: JsonObject, all: readonly JsonObject[]): Conclusion {
  const by = placeOf(worst.frame);
  const others = all.length - 1;
  return {
    severity: 'warning',
    context: `Node.js warned ${ago(worst.warnedAgoMs)} ago: ${figure(numberOf(worst.listenersAtWarning))} "${textOf(worst.event)}" listeners on one ${textOf(worst.emitter)}.`,
    observation: `${by === undefined ? 'They are' : `${place(by)} added the listener that led to the warning; they are`} ${figure(numberOf(worst.listeners))} now, ${figure(numberOf(worst.risen))} more (${figure(numberOf(worst.risenPerMinute))} per minute).${others === 0 ? '' : ` The same holds for ${others} more.`}`,
    hypothesis: `${by === undefined ? 'Some code' : by.name} adds a listener each time it runs and nothing removes it: each keeps what it captured alive, and every "${textOf(worst.event)}" runs them all.`,
    subjects: all.slice(0, NAMED).map(subjectOf),
  };
}

function manyEmitters(kind: JsonObject): Conclusion {
  const by = placeOf(kind.frame);
  const count = numberOf(kind.count);
  return {
    severity: 'warning',
    context: `Node.js warned ${figure(count)} times within 5 minutes of too many listeners, each time of another emitter or event.`,
    observation: `${by === undefined ? 'The newest warning says' : `${place(by)} added the listeners; the newest warning says`}: ${textOf(kind.message)}`,
    hypothesis:
      'Listeners are added to objects that live longer than what adds them, such as a connection that is kept alive.',
    subjects: by === undefined ? [] : [functionSubject(by, count, 'emitters')],
  };
}

/** Main did not tell the count: the warning stands by itself. */
function unknownGrowth(warning: JsonObject): Conclusion {
  const by = placeOf(warning.frame);
  return {
    severity: 'info',
    context: `Node.js warned ${ago(warning.warnedAgoMs)} ago of too many listeners on one ${textOf(warning.emitter)}.`,
    observation: `It had ${figure(numberOf(warning.listenersAtWarning))} "${textOf(warning.event)}" listeners${by === undefined ? '' : `; ${place(by)} added one`}. The main thread did not tell how many there are now.`,
    subjects: [subjectOf({ ...warning, listeners: warning.listenersAtWarning ?? 0 })],
  };
}

function subjectOf(known: JsonObject): Subject {
  const by: Place | undefined = placeOf(known.frame);
  const value = numberOf(known.listeners);
  if (by !== undefined) return functionSubject(by, value, 'listeners');
  return {
    kind: 'resource',
    name: `${textOf(known.emitter)} "${textOf(known.event)}"`,
    value,
    unit: 'listeners',
  };
}

function ago(value: JsonValue | undefined): string {
  const seconds = numberOf(value) / 1000;
  return seconds < 120 ? `${figure(Math.round(seconds))} s` : `${figure(Math.round(seconds / 60))} minutes`;
}
