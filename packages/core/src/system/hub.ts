// What the extensions of the recorder thread share: what main said of its operators, every event of the process, and
// investigations that run beside main. One per thread.
import { systemClock } from '../actor/clock.ts';
import type { Host } from '../actor/hosts/host.ts';
import { connectHost } from '../actor/hosts/remote-host.ts';
import { openPort } from '../actor/hosts/services.ts';
import { createDeadLetterReport } from '../actor/messages/dead-letters.ts';
import { resolvePlans } from '../operator/plan.ts';
import type { RecorderExtension, RecorderParts } from '../recorder/run-recorder.ts';
import { createTrigger, type Trigger } from '../schedule/trigger.ts';
import { createIncidentDesk, type IncidentDesk } from './incident-desk.ts';
import { createListening, type Listening } from './listening.ts';
import type { MainNews, RecorderInit } from './recorder-init.ts';
import { createStandIn, type Investigate } from './stand-in.ts';

export interface RecorderHub {
  /** What main gave at the start, with what it has told since. */
  readonly init: RecorderInit;
  /** Every event of the process, main's among them. */
  readonly listening: Listening;
  /** Runs beside main; its events are told. */
  readonly investigate: Investigate;
  /** Starts what nobody asked for. */
  readonly trigger: Trigger;
  /** What belongs together of what operators and investigations tell. */
  readonly incidents: IncidentDesk;
}

export type HubExtension = (parts: RecorderParts, hub: RecorderHub) => () => void | Promise<void>;

/** Several extensions with one hub, as one. */
export const withHub =
  (extensions: readonly HubExtension[]): RecorderExtension =>
  (parts) => {
    const hub = createHub(parts);
    const undo = extensions.map((extend) => extend(parts, hub));
    return async () => {
      hub.cancel();
      await Promise.allSettled(undo.map(async (end) => end()));
      hub.close();
    };
  };

function createHub(parts: RecorderParts): RecorderHub & { cancel(): void; close(): void } {
  const init = { ...(parts.init as unknown as RecorderInit) };
  const listening = createListening(parts);
  const incidents = createIncidentDesk(parts, init);
  const undo = parts.onMainMessage((message) => {
    const news = message as unknown as MainNews;
    if (news.type === 'operators')
      Object.assign(init, { operators: news.operators, mainSkills: news.mainSkills });
  });
  const { investigate, close } = createInvestigations(parts, init);
  const stopping = new AbortController();
  const trigger = createTrigger({
    investigate: (request) => investigate(request, { signal: stopping.signal, onEvent: () => undefined }),
    maxPerHour: init.anomaly?.maxPerHour ?? 0,
    clock: systemClock,
    // One that the stop ends was cancelled; it did not fail to run.
    emit: (event) => (stopping.signal.aborted ? undefined : parts.tell(event)),
  });
  return {
    init,
    listening,
    investigate,
    trigger,
    incidents,
    cancel() {
      stopping.abort();
      // Before the webhooks are closed, which may have to tell of them.
      incidents.close();
    },
    close() {
      undo();
      listening.close();
      close();
    },
  };
}

function createInvestigations(
  parts: RecorderParts,
  init: RecorderInit,
): { readonly investigate: Investigate; close(): void } {
  let launcher: Host | undefined;
  const deadLetters = createDeadLetterReport(parts.tell);
  const standIn = createStandIn({
    host: async () => {
      launcher ??= connectHost(() => openPort(parts.connect, 'launcher'), {
        onDeadLetter: deadLetters.report,
      });
      return launcher;
    },
    operators: () =>
      resolvePlans(
        init.operators,
        async (skillId) => init.mainSkills.find(({ id }) => id === skillId) ?? parts.skills.describe(skillId),
      ),
    model: init.model,
    strategy: init.strategy,
  });
  return {
    investigate: (request, { signal, onEvent }) =>
      standIn(request, {
        signal,
        onEvent: (event) => {
          onEvent(event);
          parts.tell(event);
        },
      }),
    close() {
      void launcher?.close();
      deadLetters.close();
    },
  };
}
