// The check `handles.fd_leak`: files are opened and not closed. Growth alone may be load; what is opened, kept and left
// untouched while more of it is opened is a leak. Pure.
import type { Check, Conclusion, Finding, JsonObject, JsonValue, Subject } from '@nodelens/core';
import { listOf, numberOf, objectOf, placeOf, textOf } from '../evidence.ts';
import { sum } from '../statistics.ts';
import { figure, functionSubject, percent, place } from '../wording.ts';
import { isOfPattern } from './descriptors.ts';
import { forecast, severityBy } from './forecast.ts';
import { growsOn } from './growth.ts';
import { ALL_FILES } from './sources.ts';

/** A service that works with its files closes some or moves in them within the seconds of a watch. */
const KEPT_SHARE = 0.8;
const NAMED = 3;

export const fdLeak: Check = {
  id: 'handles.fd_leak',
  when: (snapshot) =>
    textOf(snapshot.growingPath) === ''
      ? undefined
      : {
          path: textOf(snapshot.growingPath),
          files: numberOf(snapshot.growingPathFiles),
          perMinute: numberOf(snapshot.growingPathPerMinute),
          minutesToFdLimit: snapshot.minutesToFdLimit ?? null,
          fdLimit: snapshot.fdLimit ?? null,
        },
  // Long enough for some five openings.
  investigate: `const rates = (await handles_files(5) ?? []).map(({ perMinute }) => perMinute);
const seconds = Math.min(15, Math.max(3, 300 / Math.max(1, ...rates)));
return await handles_watch_openings(seconds, 'files');`,
  conclude: (evidence, finding) => conclude(evidence, finding),
  explains: ['handles.near_limit', 'exceptions.error_burst'],
};

function conclude(evidence: JsonValue, finding: Finding): Conclusion | undefined {
  const { patterns, openers, seconds } = objectOf(evidence);
  const path = textOf(finding.path);
  const some = listOf(patterns).filter(({ pattern }) => path === ALL_FILES || pattern === path);
  const total = (of: string): number => sum(some.map((one) => numberOf(one[of])));
  const [kept, lookedAt] = [total('kept'), total('lookedAt')];
  if (lookedAt === 0 || kept < KEPT_SHARE * lookedAt) return undefined;
  if (total('untouched') < KEPT_SHARE * kept) return undefined;
  const watched = { seconds: numberOf(seconds), perMinute: numberOf(finding.perMinute) };
  if (!growsOn({ before: total('before'), after: total('after'), ...watched })) return undefined;
  const by = listOf(openers).filter((opener) => numberOf(opener.stillOpen) > 0 && isOf(opener, path));
  const opener = placeOf(by[0]?.frame);
  return {
    severity: severityBy(finding),
    context: `${figure(total('after'))} files ${path} are open, and their number grows by ${figure(numberOf(finding.perMinute))} per minute.${forecast(finding)}`,
    observation: `Of ${figure(lookedAt)} that were looked at, ${percent(kept / lookedAt)} were still open ${figure(numberOf(seconds))} s later and ${figure(total('untouched'))} had not been read or written.${opener === undefined ? '' : ` ${place(opener)} opened ${figure(numberOf(by[0]?.opened))} meanwhile, of which ${figure(numberOf(by[0]?.stillOpen))} stayed open (${textOf(by[0]?.path)}).`}`,
    ...(opener !== undefined && {
      hypothesis: `${opener.name} opens a file each time it runs and does not close it on every way out.`,
    }),
    subjects: [
      ...by.slice(0, NAMED).flatMap(openerSubject),
      { kind: 'resource', name: path, value: total('after'), unit: 'files' },
    ],
  };
}

/** By the name alone where the path leads through a symbolic link. */
function isOf({ path }: JsonObject, pattern: string): boolean {
  const opened = textOf(path);
  const name = opened.slice(opened.lastIndexOf('/') + 1);
  const folder = pattern.slice(0, pattern.lastIndexOf('/') + 1);
  return pattern === ALL_FILES || isOfPattern(opened, pattern) || isOfPattern(folder + name, pattern);
}

function openerSubject({ frame, stillOpen }: JsonObject): readonly Subject[] {
  const by = placeOf(frame);
  return by === undefined ? [] : [functionSubject(by, numberOf(stillOpen), 'files')];
}
