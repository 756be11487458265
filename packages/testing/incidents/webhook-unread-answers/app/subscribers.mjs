// Who wants to be told of what. From the environment: one address of each partner.
const subscribers = [{ url: process.env.FULFILMENT_WEBHOOK, events: ['order.placed', 'order.cancelled'] }];

export const subscribersOf = (type) =>
  subscribers.filter(({ url, events }) => url && events.includes(type)).map(({ url }) => url);
