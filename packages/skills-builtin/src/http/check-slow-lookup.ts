// The check `http.slow_lookup`: names are looked up far more slowly than usual, or cannot be: whoever is connected to
// waits for that, and is not to blame. Pure.
import type { Check, Conclusion, JsonObject, JsonValue, Subject } from '@nodelens/core';
import { numberOf, objectOf, textOf } from '../evidence.ts';
import { figure, ms } from '../wording.ts';
import { isOwnDelay } from './judge.ts';

/** As a peer that is slower than usual: three times and 100 ms. */
const SLOWER_TIMES = 3;
const SLOWER_MS = 100;
const ENOUGH = 5;
const FAILING_SHARE = 0.2;
/** That there is no such name is no fault of who says so. */
const NO_FAULT: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA']);

export const slowLookup: Check = {
  id: 'http.slow_lookup',
  when: (snapshot) => {
    const medianMs = numberOf(snapshot.lookupMs);
    const failed = numberOf(snapshot.lookupsFailed10s);
    return medianMs >= SLOWER_MS || failed >= ENOUGH ? { medianMs, failed } : undefined;
  },
  investigate: `const [lookups, asked] = [await http_lookups(), await http_peers(1)];
return { lookups, main: asked.main };`,
  conclude: (evidence) => conclude(evidence),
  explains: [
    'http.slow_peer',
    'http.slow_route',
    'http.error_burst',
    'http.pool_queue',
    'http.retry_storm',
    'exceptions.new_error',
    'overload.in_flight_growth',
  ],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const { lookups, main } = objectOf(evidence);
  const seen = objectOf(lookups);
  const slowMs = slowerMs(seen);
  const isSlow = slowMs > 0 && !isOwnDelay(objectOf(main), slowMs);
  const isFailing = fails(seen);
  if (!isSlow && !isFailing) return undefined;
  const servers = textsOf(seen.servers);
  const failed = ` ${figure(numberOf(seen.failed))} of ${figure(numberOf(seen.count))} failed (${textsOf(seen.codes).join(', ')}).`;
  return {
    severity: 'warning',
    context: `Names are looked up (${textsOf(seen.by).join(', ')}) before connections are made, among them ${textsOf(seen.hosts).slice(0, 3).join(', ')}.`,
    observation: `${typeof seen.medianMs === 'number' ? `Half of the lookups of the last 10 s took ${ms(seen.medianMs)} or more${typeof seen.usualMs === 'number' ? `, usual: ${ms(seen.usualMs)}` : ''}.` : ''}${numberOf(seen.failed) > 0 ? failed : ''}${servers.length === 0 ? '' : ` The process waits for answers of ${servers.join(', ')}.`}`,
    hypothesis: `${servers.length === 0 ? 'The name server' : servers.join(', ')} answers too late; requests wait for an address before they are sent, whoever they are for.`,
    subjects: subjectsOf(seen, servers),
  };
}

/** By how much a lookup takes longer than usual; 0 when it does not. */
function slowerMs(seen: JsonObject): number {
  const [now, before] = [numberOf(seen.medianMs), numberOf(seen.usualMs, Number.NaN)];
  const isSlower =
    numberOf(seen.count) >= ENOUGH && now >= SLOWER_TIMES * before && now - before >= SLOWER_MS;
  return isSlower ? now - before : 0;
}

function fails(seen: JsonObject): boolean {
  const isFault = textsOf(seen.codes).some((code) => !NO_FAULT.has(code));
  const failed = numberOf(seen.failed);
  return isFault && failed >= ENOUGH && failed >= FAILING_SHARE * numberOf(seen.count);
}

function subjectsOf(seen: JsonObject, servers: readonly string[]): readonly Subject[] {
  const value = numberOf(seen.medianMs);
  return servers.length === 0
    ? [{ kind: 'resource', name: 'name lookups', value, unit: 'ms' }]
    : servers.map((name): Subject => ({ kind: 'peer', name, value, unit: 'ms' }));
}

const textsOf = (value: JsonValue | undefined): readonly string[] =>
  Array.isArray(value) ? value.map(textOf).filter((text) => text !== '') : [];
