// The skill `http` for docs/skills.
import type { Reference } from '../reference.ts';

export const reference: Reference = {
  snapshot: {
    servedPerSecond10s:
      'responses that were sent whole, per second of the last 10 s (as all: of what is recorded)',
    servedPerSecond1m: 'the same of the last minute',
    servedP50Ms: 'median time until a response was sent whole, of the last minute; 0 without any',
    servedP99Ms: '99th percentile of the same',
    server5xxPercent1m: 'share of 5xx among the responses of the last minute; 0 without any',
    server4xxPercent1m: 'share of 4xx likewise',
    server5xx20s: 'responses with 5xx within the last 20 s',
    server5xxPercent20s: 'their share of all within the last 20 s',
    aborted1m: 'responses that were closed before they were sent whole, within the last minute',
    servingInFlight: 'requests that are served now',
    oldestServingMs: 'age of the oldest of them; 0 without any',
    serverConnections: 'connections that the servers of the process hold',
    outgoingPerSecond10s: 'outgoing requests that began, per second of the last 10 s',
    outgoingPerSecond1m: 'the same of the last minute',
    outgoingP50Ms: 'median time until the headers of the answer, of the last minute; 0 without any',
    outgoingP99Ms: '99th percentile of the same',
    outgoingFailed1m: 'outgoing requests that ended by an error or with 5xx within the last minute',
    outgoingInFlight: 'outgoing requests without a complete answer now',
    oldestOutgoingMs: 'age of the oldest of them; 0 without any',
    outgoingWaiting: 'of them, those without a connection, or whose body is not written yet',
    slowestRoute:
      'the route with the highest p95 of the last minute, of those with 5 requests and more; null without any',
    slowestRouteP95Ms: 'that p95; 0 without any',
    slowestPeer: 'the origin (as http://prices:8080) with the highest p95 likewise; null without any',
    slowestPeerP95Ms: 'that p95; 0 without any',
    suspectRoutes: 'routes that are slower than usual, 5 at most',
    failingRoutes: 'routes of which one request in five fails, 5 at most',
    suspectPeers:
      'origins that fail, are slower than usual, or take 1 s and more while nothing usual is known of them; 5 at most',
    stormyPeers: 'origins that fail and are asked far more often than usual, 5 at most',
    lookupMs: 'median time of the lookups of names of the last 10 s; 0 without any',
    lookupsFailed10s: 'requests of the last 10 s that ended because a name could not be looked up',
    sameAtOnce:
      'calls that many made at once, again and again after a quiet time, within the last minute; 5 at most',
    unavailable: 'what cannot be told, by name and with the reason',
  },
  costs: {
    http_in_flight: 'less than 1 ms of main; it tells of 500 requests at most',
    http_lookups: 'none of main; it looks at the UDP sockets of the process for 0.3 s',
    http_pools: 'less than 1 ms of main',
    http_unread: 'less than 1 ms of main; it looks at 500 requests in flight at most',
    http_callers:
      'none of main when asked; always about 0.1 ms for each of 5 requests a second, of 5 more that repeat a failed one, and of 5 more that others make too',
  },
  thresholds: [
    {
      what: 'slower than usual',
      value:
        'the median is 3 times and 100 ms higher, without the wait for a connection; 10 requests at least',
      source:
        'Nielsen: 0.1 s is what a user feels as instantaneous; both, for a cached answer of 1 ms that takes 4 ms harms nobody',
    },
    {
      what: 'usual',
      value:
        'lower quarter of the slices of 5 s of the last 15 minutes, before the present 10 s (60 s of what is rare)',
      source: 'our choice: a fault must not become the measure of itself',
    },
    {
      what: 'slow peer',
      value: 'half of what it is asked is slower than usual, call by call',
      source: 'our choice: a peer that is asked for other things is not slow',
    },
    {
      what: 'own delay',
      value: 'the delay of the loop (p99) is half of what was lost, or main stood still for a fifth of 20 s',
      source: 'our choice: what is slow is then its own doing',
    },
    {
      what: 'slow from the start on',
      value: '1 s in the median, in the first 120 s of recording, and what is served takes half as long',
      source: "Nielsen: 1 s is where a user's flow of thought breaks",
    },
    {
      what: 'failing peer or route',
      value: '5 failures and 20 %',
      source: 'SRE workbook: it pages at 14.4 times a budget of 0.1 %; this is far above any such budget',
    },
    {
      what: 'peer that does not answer',
      value: '3 requests without an answer for 5 s, where 95 of 100 took less than 1 s',
      source: "a third of Envoy's default timeout (15 s); slower ones hang by design (long polling)",
    },
    {
      what: 'error burst',
      value: '5 responses with 5xx and 5 % within 20 s, or a failing route; critical from 50 %',
      source: 'SRE book, ch. 6: errors are a golden signal; 5 % is 50 times the budget of a 99.9 % objective',
    },
    {
      what: 'slow route',
      value: 'it is slower than usual, and not more than half of the routes are',
      source: 'our choice: when most are slow, the reason is not in one of them',
    },
    {
      what: 'queue for connections',
      value: '5 wait, the oldest for 100 ms, and the pool is full; critical from 5 s',
      source: 'Nielsen: a user feels 0.1 s; a queue for a moment is what a pool is for',
    },
    {
      what: 'unread answers',
      value:
        'they came 5 s ago, have bytes to read, and are all that is in flight to the peer; and 5 requests wait for a connection to it for 5 s, or it was asked once a second and not since the newest of them came (to 1 s), while 5 that are served have waited for 1 s and no pool that can be seen has connections left',
      source:
        'Poisson: what comes once a second fails to come for 5 s less than once in a hundred times; 5 s as for a peer that does not answer',
    },
    {
      what: 'retry storm',
      value:
        'a failing peer is asked twice as often for each request served, and twice as often in all or seen to be asked again for what has just failed; 30 requests at least',
      source: 'our choice: trying each once more doubles what is asked',
    },
    {
      what: 'function that asks again',
      value: '60 % of the requests that repeat a failed one within 1 s begin in it; 5 stacks at least',
      source: 'our choice: most, and not by chance',
    },
    {
      what: 'same at once',
      value:
        'two bursts within a minute of 8 and more of the very same request at once, each lasting 500 ms, after 500 ms without any (medians)',
      source: 'our choice: what is not kept is asked for all the time, and short bursts are not felt',
    },
    {
      what: 'slow lookups',
      value:
        'the median of 10 s is 3 times and 100 ms higher than usual, or 5 and 20 % fail (not for want of such a name)',
      source: 'as for peers',
    },
    {
      what: 'names of routes, calls and origins',
      value: '100 of each; the rest is (other), unknown paths with 404 are one',
      source: 'our choice: bounded memory, whatever paths are tried',
    },
    {
      what: 'requests told one by one',
      value:
        'of each side in a second 50 that fail, 20 slow ones and about 30 of the rest, which stand for more',
      source: 'our choice: about 100 a second in all keep the cost of main low',
    },
  ],
};
