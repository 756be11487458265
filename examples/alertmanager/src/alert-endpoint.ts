// The endpoint that Alertmanager posts to: checks who asks, answers at once, and starts one investigation for each group
// of alerts. What comes out goes to `onResult`, and to the webhooks of Nodelens.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { InvestigationResult, Nodelens } from 'nodelens';
import { type AlertGroup, investigationOf, readAlertGroup } from './alert-group.ts';
import { createQuiet } from './quiet.ts';

export interface AlertEndpointOptions {
  readonly coordinator: Pick<Nodelens['coordinator'], 'run'>;
  /** Alertmanager's `credentials`. */
  readonly token: string;
  /** Names of operators that an alert may ask for. */
  readonly skills: readonly string[];
  /** A group that fires on is not looked at again for so long, in ms. Default 30 minutes. */
  readonly quietMs?: number;
  readonly onResult?: (result: InvestigationResult, group: AlertGroup) => void;
  readonly onError?: (error: unknown) => void;
  readonly now?: () => number;
}

const LONGEST_BODY = 1_048_576;

/** A request listener for `node:http`; POST it the alerts. */
export function createAlertEndpoint(options: AlertEndpointOptions): RequestListener {
  const { coordinator, token, skills, onResult, onError, now = Date.now } = options;
  const quiet = createQuiet(options.quietMs ?? 1_800_000, now);
  const start = (group: AlertGroup): boolean => {
    if (group.status === 'resolved') quiet.over(group.groupKey);
    if (group.status === 'resolved' || !quiet.begins(group.groupKey)) return false;
    const { context, options } = investigationOf(group, skills);
    coordinator.run(context, options).then(
      (result) => onResult?.(result, group),
      (error: unknown) => {
        // The next time it is told, it is tried again.
        quiet.over(group.groupKey);
        onError?.(error);
      },
    );
    return true;
  };
  return async (request, response) => {
    const answer = (status: number, body: object): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.method !== 'POST') return answer(405, { error: 'POST alerts here' });
    if (!isFrom(token, request.headers.authorization)) return answer(401, { error: 'the token is wrong' });
    const body = await readBody(request);
    if (body === undefined) return answer(413, { error: `more than ${LONGEST_BODY} bytes` });
    const group = readAlertGroup(body);
    if (group === undefined) return answer(400, { error: 'this is no webhook of Alertmanager, version 4' });
    return answer(202, { started: start(group) });
  };
}

/** In constant time, whatever the lengths. */
function isFrom(token: string, authorization = ''): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(`Bearer ${token}`), digest(authorization));
}

/** undefined when it is too long. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    // Read to its end, so that the answer arrives.
    if (length <= LONGEST_BODY) chunks.push(chunk as Buffer);
  }
  return length > LONGEST_BODY ? undefined : Buffer.concat(chunks).toString();
}
