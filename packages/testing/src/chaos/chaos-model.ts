// The model of a chaos run, loaded by every thread that thinks: it works as a model should, until the order of its run
// (in the reason) or of its thread (on the channel) says otherwise.
import { isMainThread } from 'node:worker_threads';
import type { JsonObject, Model, ModelRef, ModelRequest, ModelResponse } from '@nodelens/core';
import { openChannel, type ThreadChannel } from './channel.ts';
import { coordinatorTurn, findingsIn, operatorTurn } from './chaos-turns.ts';
import { type Fault, isLethal, type SoftFault } from './faults.ts';
import { misbehave } from './misbehave.ts';
import { floodParent, perform } from './perform.ts';
import type { Order } from './schedule.ts';

/** How long a continuous operator stays in its round when it has nothing left to do. */
export const LINGER_MS = 900;

/** @param place how the thread that loads it is addressed on the channel, when it is one operator's for long. */
export function chaosModel(place = ''): ModelRef {
  return {
    kind: 'model-ref',
    name: 'chaos',
    module: import.meta.url,
    exportName: 'createChaosModel',
    options: { place },
  };
}

/** ModelFactory. */
export function createChaosModel({ place }: JsonObject): Model {
  const channel = openChannel();
  if (place !== '')
    channel.listen((message) => {
      if (message.type !== 'order' || message.to !== place || !isLethal(message.fault)) return;
      channel.tell({ type: 'begun', id: message.id, where: 'continuous', fault: message.fault });
      perform(message.fault);
    });
  const lingerMs = place === '' ? 0 : LINGER_MS;
  return { name: 'chaos', generate: (request) => generate(request, channel, lingerMs) };
}

async function generate(
  request: ModelRequest,
  channel: ThreadChannel,
  lingerMs: number,
): Promise<ModelResponse> {
  for (const finding of findingsIn(request)) channel.tell({ type: 'acknowledged', ...finding });
  const { briefing } = request;
  if (briefing === undefined) return say('As I said.');
  const answer =
    briefing.role === 'operator' ? operatorTurn(request, lingerMs) : coordinatorTurn(request, briefing);
  const order = orderIn(briefing.reason);
  const fault = order?.[briefing.role];
  if (order === undefined || fault === undefined || !isDue(order, request)) return answer;
  const where = briefing.role === 'operator' ? 'operator' : isMainThread ? 'coordinator' : 'stand-in';
  channel.tell({ type: 'begun', id: order.id, where, fault });
  return carryOut(fault, order.id, answer);
}

function carryOut(fault: Fault, variant: number, answer: ModelResponse): Promise<ModelResponse> {
  if (!isLethal(fault)) {
    // In a thread of Nodelens, whoever started it is flooded too.
    if (fault === 'flood' && !isMainThread) floodParent();
    return misbehave({ fault: fault as SoftFault, variant }, answer);
  }
  perform(fault);
  return new Promise(() => undefined);
}

/** At the first turn, or as soon as something was acknowledged. */
function isDue({ when }: Order, request: ModelRequest): boolean {
  const turns = request.messages.filter(({ role }) => role === 'assistant').length;
  return when === 'first' ? turns === 0 : findingsIn(request).length > 0;
}

/** The order that stands in a reason as `chaos {…}`. */
export function orderIn(reason: string): Order | undefined {
  const json = /^chaos (\{.*\})$/.exec(reason)?.[1];
  return json === undefined ? undefined : (JSON.parse(json) as Order);
}

export const reasonOfOrder = (order: Order): string => `chaos ${JSON.stringify(order)}`;

const say = (text: string): ModelResponse => ({
  text,
  toolCalls: [],
  stopReason: 'end',
  usage: { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1 },
});
