import { log } from './log.mjs';

const PER_TURN = 20;

export function createOutbox({ partner, breaker }) {
  const waiting = [];
  let delivered = 0;

  const park = (message, attempts) => {
    breaker.failed();
    waiting.push(() => attempt(message, attempts + 1));
  };

  const attempt = async (message, attempts) => {
    if (breaker.isOpen()) return park(message, attempts);
    try {
      await partner.send(message);
      delivered += 1;
      breaker.succeeded();
    } catch (error) {
      if (attempts === 0) log.warn('delivery put off', { id: message.id, reason: error.message });
      park(message, attempts);
    }
  };

  const drain = async () => {
    while (waiting.length > 0 && !breaker.isOpen()) {
      await Promise.all(waiting.splice(0, PER_TURN).map((again) => again()));
    }
  };

  breaker.events.on('closed', () => void drain());
  return {
    deliver: (message) => void attempt(message, 0),
    figures: () => ({ delivered, waiting: waiting.length }),
  };
}
