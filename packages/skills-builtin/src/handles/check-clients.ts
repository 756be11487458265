// The check `handles.silent_client`: one client opens more and more connections to this process and says nothing on them.
// Pure.
import type { Check, Conclusion, Finding, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, textOf } from '../evidence.ts';
import { figure, percent } from '../wording.ts';
import { forecast, severityBy } from './forecast.ts';
import { growsOn } from './growth.ts';

/** A client that has something to say says it; one that keeps its connection for later (WebSocket, keep-alive) has said something. */
const SILENT_SHARE = 0.8;

export const silentClient: Check = {
  id: 'handles.silent_client',
  when: (snapshot) => {
    const client = textOf(snapshot.growingClient);
    if (snapshot.mainBlocked === true || client === '') return undefined;
    return {
      client,
      perMinute: numberOf(snapshot.growingClientPerMinute),
      minutesToFdLimit: snapshot.minutesToFdLimit ?? null,
      fdLimit: snapshot.fdLimit ?? null,
    };
  },
  investigate: 'return await handles_clients(3);',
  conclude: (evidence, finding) => conclude(evidence, finding),
  explains: ['handles.near_limit', 'runtime.memory_growth', 'exceptions.error_burst'],
};

function conclude(evidence: JsonValue, finding: Finding): Conclusion | undefined {
  const { clients, seconds } = objectOf(evidence);
  const client = textOf(finding.client);
  const perMinute = numberOf(finding.perMinute);
  const known = listOf(clients).find((one) => one.client === client);
  const [before, after, watched] = [
    numberOf(known?.before),
    numberOf(known?.after),
    numberOf(known?.watched),
  ];
  if (watched === 0 || !growsOn({ before, after, seconds: numberOf(seconds), perMinute })) return undefined;
  const share = numberOf(known?.silent) / watched;
  if (share < SILENT_SHARE) return undefined;
  return {
    severity: severityBy(finding),
    context: `${figure(after)} connections from ${client} are open, and their number grows by ${figure(perMinute)} per minute.${forecast(finding)}`,
    observation: `Of ${figure(watched)} connections from ${client} that were watched, ${percent(share)} have never carried a byte in either direction.`,
    hypothesis: `${client} opens connections and forgets them: a pool, a health check or a retry without an end, or somebody who means to hold them all.`,
    subjects: [{ kind: 'peer', name: client, value: after, unit: 'sockets' }],
  };
}
