// An event goes to all who have subscribed to its topic; one that cannot be reached does not keep the others from it.
import { deliver } from './deliver.mjs';
import { note } from './journal.mjs';
import { subscribersOf } from './subscribers.mjs';

export async function dispatch({ topic, payload }) {
  const results = await Promise.allSettled(subscribersOf(topic).map((one) => timed(one, topic, payload)));
  return { delivered: results.filter(({ status }) => status === 'fulfilled').length };
}

async function timed(subscriber, topic, payload) {
  const startedAt = performance.now();
  try {
    await deliver(subscriber, { topic, payload });
  } finally {
    note({ to: subscriber.host, topic, ms: Math.round(performance.now() - startedAt) });
  }
}
