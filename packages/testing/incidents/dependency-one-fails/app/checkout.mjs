// The steps of a checkout. Stock that was reserved is given back when a later step does not come about.
import { config } from './config.mjs';
import { post } from './http.mjs';
import { log } from './log.mjs';
import { keepOrder } from './orders.mjs';

export async function checkout({ customer, lines }) {
  const [price, reservation] = await Promise.all([
    post(config.pricing, '/quotes', { lines }),
    post(config.stock, '/reservations', { lines }),
  ]);
  try {
    const { score } = await post(config.risk, '/assessments', { customer, cents: price.cents });
    if (score > 0.97) return { state: 'declined' };
    const order = keepOrder({ customer, lines, cents: price.cents });
    sendReceipt(order);
    return { state: 'placed', number: order.number };
  } catch (error) {
    await post(config.stock, '/releases', { id: reservation.id });
    throw error;
  }
}

/** Not waited for: the order stands without it. */
function sendReceipt({ number, customer }) {
  post(config.mail, '/messages', { to: customer, number }).catch((error) =>
    log.warn('no receipt was sent', { number, reason: error.message }),
  );
}
