// The check `http.error_burst`: the server answers with 5xx, by route. Pure.
import type { Check, Conclusion, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, textOf } from '../evidence.ts';
import { sum } from '../statistics.ts';
import { figure } from '../wording.ts';
import { isFailing, objectsOf } from './judge.ts';

/** Errors are a golden signal (SRE book, ch. 6); 5 % is 50 times the budget of a 99.9 % objective. */
const PERCENT = 5;
const COUNT = 5;
/** 500 times that budget: a month of it is gone within an hour and a half. */
const CRITICAL_PERCENT = 50;

export const errorBurst: Check = {
  id: 'http.error_burst',
  when: (snapshot) => {
    const errors = numberOf(snapshot.server5xx20s);
    const percent = numberOf(snapshot.server5xxPercent20s);
    const routes = Array.isArray(snapshot.failingRoutes) ? snapshot.failingRoutes : [];
    const isBurst = (errors >= COUNT && percent >= PERCENT) || routes.length > 0;
    return isBurst ? { errors, percent } : undefined;
  },
  investigate: `const [served, asked, errors] = [await http_routes(1), await http_peers(1), await http_errors(50)];
return { ...served, peers: asked.peers, errors };`,
  conclude: (evidence, { errors, percent }) => conclude(evidence, numberOf(errors), numberOf(percent)),
};

function conclude(evidence: JsonValue, errors: number, percent: number): Conclusion | undefined {
  const { routes, peers } = objectOf(evidence);
  const failed = listOf(routes)
    .filter(({ failures }) => numberOf(failures) > 0)
    .sort((a, b) => numberOf(b.failures) - numberOf(a.failures));
  const [worst] = failed;
  if (worst === undefined) return undefined;
  const all = sum(failed.map(({ failures }) => numberOf(failures)));
  const share = Math.round((100 * numberOf(worst.failures)) / all);
  const codes = Object.entries(objectOf(worst.codes)).map(
    ([code, count]) => `${code} ${figure(numberOf(count))} times`,
  );
  const peer = listOf(peers).find(isFailing);
  const usual = objectsOf(worst).usual;
  return {
    severity: percent >= CRITICAL_PERCENT ? 'critical' : 'warning',
    context: `The server answered ${figure(errors)} requests with 5xx within the last 20 s, ${figure(percent)} % of all.`,
    observation: `${textOf(worst.name)} has ${share} % of the failures of the last minute: ${figure(numberOf(worst.failures))} of its ${figure(numberOf(worst.count))} requests failed (${codes.join(', ')}${numberOf(usual.slices) > 0 ? `; usual: ${figure(numberOf(usual.failedPercent))} %` : ''}).${failed.length === 1 ? ' No other route fails.' : ` ${failed.length - 1} more routes fail.`}`,
    ...(peer !== undefined && {
      hypothesis: `Requests to ${textOf(peer.name)} fail at the same time (${figure(numberOf(objectsOf(peer).present.failedPercent))} %); the route may pass that on.`,
    }),
    subjects: failed.slice(0, 3).map(({ name, failures }) => ({
      kind: 'endpoint',
      name: textOf(name),
      value: numberOf(failures),
      unit: 'failures',
    })),
  };
}
