// How paths become the few names of routes: what is different in each request stands as `:id`. Pure.

const MAX_SEGMENTS = 12;
/** A word of a route is not longer; slugs and tokens are. */
const MAX_WORD = 32;
export const OTHER = '(other)';
export const NOT_FOUND = '(not found)';

const IDS: readonly RegExp[] = [
  /^[0-9][0-9.,_:-]*$/, // numbers, dates, versions
  /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i, // UUID
  /^(?=.*\d)[0-9a-f]{8,}$/i, // hashes, ObjectIds
  /^[0-9A-HJKMNP-TV-Z]{26}$/, // ULID
  /@|%40/, // e-mail
  /%[0-9a-f]{2}|[\s<>"'{}|\\^`]/i, // encoded text is a value
  /^(?:[a-z]{1,6}[-_])?(?=(?:.*\d){3})[0-9a-z_-]{6,}$/i, // cus_9s6XKzkNRiz8, order-20391
];

/** `/orders/:id/items` of `/orders/7f3a…/items`. Without query; bounded. */
export function routeOf(path: string): string {
  const segments = path.split('/').slice(0, MAX_SEGMENTS + 1);
  const named = segments.map((segment) => (isId(segment) ? ':id' : segment)).join('/');
  return path.split('/').length > segments.length ? `${named}/…` : named;
}

function isId(segment: string): boolean {
  return segment.length > MAX_WORD || IDS.some((pattern) => pattern.test(segment));
}

/** `http://prices:8080` of `http://prices:8080/quote`; a socket's path of `unix:/run/x.sock/quote`. */
export function peerOf(target: string): string {
  const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/]*/i.exec(target)?.[0];
  return (origin ?? /^unix:.*?\.sock/.exec(target)?.[0] ?? target).slice(0, 200);
}

/** `GET http://prices:8080/quote/:id`: the same call of a peer. */
export const callOf = (method: string, target: string): string => {
  const peer = peerOf(target);
  return `${method} ${peer}${routeOf(target.slice(peer.length))}`;
};

export const peerOfCall = (call: string): string => peerOf(call.slice(call.indexOf(' ') + 1));
