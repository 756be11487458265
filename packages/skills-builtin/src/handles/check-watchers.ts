// The check `handles.watcher_leak`: file watchers (fs.watch, fs.watchFile) are started and not closed. They take no
// descriptor each, so nothing else shows them; every change of a file calls all that watch it. Pure.
import type { Check, Conclusion, Finding, JsonObject, JsonValue, Subject } from '@nodelens/core';
import { listOf, numberOf, objectOf, placeOf } from '../evidence.ts';
import { figure, functionSubject, place } from '../wording.ts';
import { growsOn } from './growth.ts';

/** So many of one function's that stay are no accident. */
const STAYING = 5;
const STAYING_SHARE = 0.8;
const NAMED = 3;

export const watcherLeak: Check = {
  id: 'handles.watcher_leak',
  when: (snapshot) => {
    const watchers = numberOf(snapshot.growingWatchers);
    return watchers === 0 ? undefined : { watchers, perMinute: numberOf(snapshot.growingWatchersPerMinute) };
  },
  investigate: `const before = await handles_watchers();
const seconds = Math.min(15, Math.max(3, 600 / Math.max(1, before.perMinute1m)));
const openings = await handles_watch_openings(seconds, 'watchers');
return { before, openings, after: await handles_watchers() };`,
  conclude: (evidence, finding) => conclude(evidence, finding),
  explains: ['runtime.memory_growth', 'gc.near_limit', 'gc.heap_limit_forecast'],
};

function conclude(evidence: JsonValue, finding: Finding): Conclusion | undefined {
  const { before, openings, after } = objectOf(evidence);
  const [earlier, now] = [numberOf(objectOf(before).watchers), numberOf(objectOf(after).watchers)];
  const perMinute = numberOf(finding.perMinute);
  const seconds = numberOf(objectOf(openings).seconds);
  if (now === 0 || !growsOn({ before: earlier, after: now, seconds, perMinute })) return undefined;
  const staying = listOf(objectOf(openings).openers).filter(isStaying);
  const by = placeOf(staying[0]?.frame);
  if (staying[0] === undefined || by === undefined) return undefined;
  return {
    severity: 'warning',
    context: `${figure(now)} file watchers are open, and their number grows by ${figure(perMinute)} per minute.`,
    observation: `${place(by)} started ${figure(numberOf(staying[0].opened))} file watchers within ${figure(seconds)} s, of which ${figure(numberOf(staying[0].stillOpen))} stayed.`,
    hypothesis: `${by.name} watches a file each time it runs and does not close the watcher: each keeps what it captured alive, and a change of the file calls them all.`,
    subjects: staying.slice(0, NAMED).flatMap(subjectOf),
  };
}

function isStaying({ opened, stillOpen }: JsonObject): boolean {
  const staying = numberOf(stillOpen);
  return staying >= STAYING && staying >= STAYING_SHARE * numberOf(opened);
}

function subjectOf({ frame, stillOpen }: JsonObject): readonly Subject[] {
  const by = placeOf(frame);
  return by === undefined ? [] : [functionSubject(by, numberOf(stillOpen), 'file watchers')];
}
