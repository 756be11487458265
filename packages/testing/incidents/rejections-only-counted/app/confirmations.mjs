import { createLogger } from './log.mjs';
import { send } from './mail.mjs';
import { increment } from './metrics.mjs';
import { render } from './templates.mjs';

const log = createLogger('confirmations');

/** Tells the customer that the order has arrived. */
export async function confirm(order) {
  const message = render(order);
  await send(message);
  increment('confirmations_sent_total');
  log.info('confirmation of %s sent', order.id);
}
