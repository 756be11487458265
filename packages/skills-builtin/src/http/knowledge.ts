// What is known of HTTP: the prompt, and which checks there are.
import type { Check } from '@nodelens/core';
import { errorBurst } from './check-error-burst.ts';
import { poolQueue } from './check-pool-queue.ts';
import { retryStorm } from './check-retry-storm.ts';
import { sameAtOnce } from './check-same-at-once.ts';
import { slowLookup } from './check-slow-lookup.ts';
import { slowPeer } from './check-slow-peer.ts';
import { slowRoute } from './check-slow-route.ts';
import { answersUnread } from './check-unread-answers.ts';

export const httpKeywords: readonly string[] = [
  'http',
  'https',
  'http2',
  'request',
  'requests',
  'response',
  'responses',
  'latency',
  'slow',
  'endpoint',
  'route',
  'api',
  'fetch',
  'undici',
  'axios',
  'client',
  'dependency',
  'upstream',
  'downstream',
  'peer',
  'timeout',
  'timeouts',
  '5xx',
  '500',
  '502',
  '503',
  '504',
  'error rate',
  'errors',
  'pool',
  'sockets',
  'maxSockets',
  'keep-alive',
  'retry',
  'retries',
  'dns',
  'lookup',
  'resolver',
  'ETIMEOUT',
  'EAI_AGAIN',
  'cache',
  'stampede',
  'traffic',
  'throughput',
  'ECONNRESET',
  'ECONNREFUSED',
  'ETIMEDOUT',
];

export const httpPrompt = `You watch the HTTP of one Node.js process: what it serves (node:http, node:https, http2) and what it asks for (the same, and fetch/undici), seen through diagnostics channels on the main thread.

WHAT IS TOLD
- The four golden signals (SRE book, ch. 6): latency, traffic, errors by route and by peer; saturation as what is in flight and what waits for a connection.
- Counters, histograms, what is in flight and its oldest are exact, also while main is blocked. Figures by route and by peer come from single requests: all that fail and the slow ones up to a budget, of the rest one in so many, weighted; a name that is asked for often is right within some percent.
- Served: until the response was sent whole. Asked for: until the headers of the answer; in flight until it was read to its end (state receiving). queuedMs is the time until a connection was there; with fetch it includes connecting.
- Routes are paths with ids as :id; at most 100 names of each side, the rest is (other).
- present is the last 10 s (60 s of what is rare), usual the lower quarter of the last 15 minutes: a fault does not become its own measure.

WHAT MATTERS
- A slow dependency (http.slow_peer): three times and 100 ms slower than usual, call by call; or one request in five fails; or it used to answer and no longer does. When main's own loop is late by as much, the peer is not to blame: see runtime.
- 5xx (http.error_burst): 5 % of what was served within 20 s, and five at least. 4xx are the callers' doing.
- One slow route (http.slow_route) while others are as usual: what that route waits for.
- A queue for connections (http.pool_queue): five and more wait, the oldest for 100 ms. maxSockets is Infinity by default (Node), and connections of fetch are not limited: whoever has a queue has set a limit.
- Answers that nobody reads to their end (http.answers_unread): each keeps its connection, and a pool that has none left waits for ever. http_unread() tells of which calls they are; a Pool of undici shows no queue, its peer is simply asked no more.
- A retry storm (http.retry_storm): a failing peer is asked twice as often as usual, for each request served too. Once the storm is there it can keep the peer failing by itself: http_callers() tells who asks again.
- The same asked for by many at once, after a while by nobody, again and again (http.same_at_once): a cache that all fill at once when it expires (stampede).
- Names that are looked up three times and 100 ms more slowly than usual, or cannot be (http.slow_lookup): the peers behind them are not to blame.
- Responses closed before they were sent (aborted): callers gave up, often because of a timeout of theirs.

HOW TO LOOK
- http_peers(5) and http_routes(5) first; compare present with usual. http_in_flight() for what hangs now, http_slowest() and http_errors() for single requests, http_rate_history(60) for when it began, http_pools() when outgoingWaiting is above 0, http_callers() for the functions that ask, http_lookups() when many peers are slow or failing at once.

LIMITS
- Requests that were in flight when recording began are not counted. WebSockets, upgrades and CONNECT tunnels are not requests. Worker threads and child processes are not seen.
- An undici Pool of the app's own does not tell its queue: what waits there is not seen at all. gRPC errors in trailers are not seen.

NORMAL, do not report
- A route or peer that is always slow (reports, long polling, event streams, language models); the first seconds after a start; a few aborted responses; 404 and 401; ECONNRESET of a single kept-alive connection.
- A short queue of a pool in a burst.`;

export const httpChecks: readonly Check[] = [
  slowPeer,
  errorBurst,
  slowRoute,
  answersUnread,
  poolQueue,
  retryStorm,
  sameAtOnce,
  slowLookup,
];
