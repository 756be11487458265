// Who wants to know what.
const TOPICS = ['order.placed', 'order.sent', 'stock.changed', 'price.changed'];
const PORTS = (process.env.SUBSCRIBER_PORTS ?? '').split(',').map(Number);

const all = TOPICS.flatMap((topic, index) =>
  PORTS.map((port, place) => ({ topic, host: `hooks.tenant-${index}${place}.test`, port, path: '/hooks' })),
);

export const subscribers = () => all.map(({ topic, host }) => ({ topic, host }));

export const subscribersOf = (topic) => all.filter((one) => one.topic === topic);
