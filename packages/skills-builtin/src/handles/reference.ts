// The skill `handles` for docs/skills.
import type { Reference } from '../reference.ts';

const SOCKETS =
  'about 0.6 us of main for each open handle, and 2 us for each socket that is read (512 at most)';

export const reference: Reference = {
  snapshot: {
    openFds: 'open descriptors of the process; null where they cannot be counted',
    fdLimit: 'how many it may have (soft limit, ulimit -n); null where it cannot be read',
    fdUsedPercent: 'openFds of fdLimit, in percent; null likewise',
    fdPerMinute: 'growth of openFds over the last 5 minutes, by the lowest readings; 0 in the first 6 s',
    minutesToFdLimit: 'when the limit is met at that growth; null while they do not grow',
    files:
      'open files and folders; this and what follows as of the last reading (every 5 s or sooner), absent without /proc',
    sockets: 'open sockets of any kind',
    pipes: 'open pipes',
    devices: 'open devices (/dev, but not /dev/shm)',
    otherFds: 'what else is open: event queues, memory files, files of /proc and /sys',
    deletedFiles: 'open files without a name any more: their space is not freed',
    oldestFileMs: 'how long the oldest open file has been seen',
    isEstimate: 'true above 512 descriptors, of which a part is looked at',
    listening:
      'TCP sockets on which it listens; this and what follows as of connectionsAgoMs, absent before the first reading',
    incomingConnections:
      'TCP connections that came in by a port that is listened on (by this process or another)',
    outgoingConnections: 'other TCP connections',
    closeWait: 'connections in CLOSE_WAIT: the peer has closed them, this process has not',
    closeWaitStuck: 'of them, those that have been so for 10 s and more',
    closeWaitPeer: 'peer of most of these (host:port, or :port where they came in by it); null without any',
    oldestConnectionMs: 'how long the oldest connection has been seen',
    connectionsAgoMs: 'how long ago the connections were read',
    timers: "timers that keep main alive (not those that were unref'd); null until main has answered",
    fileWatchers: 'watchers of fs.watch and fs.watchFile; null likewise',
    childProcesses: 'child processes; null likewise',
    messagePorts: 'active message ports; null likewise',
    servers: 'listening servers of main, TCP and pipes; null likewise',
    mainAnsweredAgoMs: 'how long ago main told these five; null likewise',
    bufferedWritesMb:
      "writes to TCP sockets that wait in main's memory; null when main has not told within 30 s",
    bufferedWritesPeer: 'the peer that most of it is for; null when nothing waits, or likewise',
    agentQueued:
      'requests that wait for a connection of the HTTP agent with the longest queue; null when main has not told within 30 s',
    growingPath:
      'the pattern of path whose open files grow fastest among those that grow steadily; null when none does',
    growingPathFiles: 'how many of its files are open at least; 0 when none grows',
    growingPathPerMinute: 'its growth; 0 when none grows',
    growingPeer: 'the peer that outgoing connections grow to likewise; null when there is none',
    growingPeerSockets: 'how many connections to it are open at least; 0 when none grows',
    growingPeerPerMinute: 'its growth; 0 when none grows',
    growingClient: 'the address that incoming connections grow from likewise; null when there is none',
    growingClientSockets: 'how many connections from it are open at least; 0 when none grows',
    growingClientPerMinute: 'its growth; 0 when none grows',
    growingTimers: 'how many timers there are at least, while they grow steadily; else 0',
    growingTimersPerMinute: 'their growth; else 0',
    growingWatchers: 'how many file watchers there are at least, while they grow steadily; else 0',
    growingWatchersPerMinute: 'their growth; else 0',
    mainBlocked:
      'true while a stall goes on that has lasted a second: what main has not closed meanwhile is no leak',
    unavailable: 'what cannot be told, by name and with the reason',
  },
  costs: {
    handles_summary: `${SOCKETS}, and 0.2 us for each active resource`,
    handles_limits: SOCKETS,
    handles_files: 'nothing of main; up to 10 ms of the recorder, which reads /proc',
    handles_by_peer: `${SOCKETS}; the recorder reads the TCP tables of the kernel (up to 40 ms)`,
    handles_sockets: SOCKETS,
    handles_clients: `two looks, each ${SOCKETS}; between them 3 s, 15 s at most`,
    handles_backlog: `two looks, each ${SOCKETS}; between them 3 s, 15 s at most, in which the first 10 writes to each of up to 20 sockets cost 10 us more`,
    handles_timers: 'about 0.2 us of main for each active resource',
    handles_agents:
      'a window of 3 s, 15 s at most; 4 times a second some microseconds of main for each request that has a connection or waits; always some 10 us for up to 20 requests a second to agents that have a queue',
    handles_watchers: 'about 0.2 us of main for each active resource',
    handles_watch_openings:
      'a window of 5 s, 20 s at most, one watch at a time; meanwhile about 10 us of main for each opening, at most 50 a second and 200 in all',
  },
  thresholds: [
    {
      what: 'steady growth',
      value:
        'the lowest readings rise from each quarter of a window to the next: within 8 s by 64 and to 128 at least, 60 s by 25 and to 50, 5, 15 or 60 minutes by 20 and to 30; always by a tenth',
      source:
        'our choice: the shortest asks for more than pools commonly hold and a start opens, the longer ones for more than chance',
    },
    {
      what: 'leak of files',
      value: '80 % of those looked at are kept over a watch, 80 % of these neither read nor written',
      source: 'our choice: a service that works with its files closes some or moves in them',
    },
    {
      what: 'leak of connections',
      value: '80 % of those watched for 1 s and more move no byte, and their number grows',
      source: 'a pool opens a connection when none of its own is idle',
    },
    {
      what: 'connections from a silent client',
      value: '80 % of those watched for 1 s and more have never carried a byte, and their number grows',
      source:
        'our choice: a connection that is kept for later, of a WebSocket or a pool, has carried its handshake or a request',
    },
    {
      what: 'connections stuck in CLOSE_WAIT',
      value: '20 for 10 s and more',
      source: 'Node closes its side in the turn in which it learns that the peer has; so many are a habit',
    },
    {
      what: 'leak of timers',
      value:
        '5 of one function stay and 80 % of what it set in a watch; intervals, or timeouts of less than half of the window that grew',
      source: 'our choice: timeouts that fire by themselves grow with the load',
    },
    {
      what: 'leak of file watchers',
      value: '5 of one function stay and 80 % of what it started in a watch, and their number grows on',
      source: 'our choice: a service watches what it has once',
    },
    {
      what: 'near the limit of descriptors',
      value: '80 %; critical from 95 %, or when the limit is met within 10 minutes',
      source:
        'our choice, as for disks: a burst meets EMFILE; 10 minutes are less than a person needs to act',
    },
    {
      what: 'leak of files or connections, severity',
      value: 'critical when the limit is met within 10 minutes',
      source: 'our choice: less than a person needs to come and act',
    },
    {
      what: 'write backlog',
      value: '1 MB on a socket, 4 MB together, more at the second look; critical from 256 MB',
      source:
        "64 times Node's high-water mark of a socket (64 KB), at which it asks the writer to wait; less on one is one answer",
    },
    {
      what: 'connections of an agent held by long requests',
      value:
        '5 and more wait all the time; one function holds 60 % of the connections, each request for 500 ms and 5 times as long as others; at least half of those that wait are of others',
      source:
        'our choice: a queue for a moment is what an agent is for; where all take alike, the peer is slow or the limit low',
    },
    {
      what: 'openers of sockets and child processes',
      value: '20 stacks a second',
      source: 'measured: about 10 us each, so 0.2 ms in a second',
    },
    {
      what: 'what reading the TCP tables and asking main may cost',
      value: 'a twentieth of a percent of a core; 2 % while something seems wrong',
      source: 'our choice: where it is dear it is done more seldom, at least every minute',
    },
  ],
};
