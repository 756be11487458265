// The skill `supervision` for docs/skills.
import type { Reference } from '../reference.ts';

export const reference: Reference = {
  snapshot: {
    workersAlive: "worker threads of the app that live; Nodelens' own never count",
    clusterWorkersAlive: 'cluster workers that live',
    startedWorkers1m: 'worker threads started within the last minute',
    startedChildren1m: 'child processes and cluster workers started within the last minute',
    workersFailed5m: 'worker threads that ended by failing within 5 minutes',
    childrenFailed5m: 'child processes and cluster workers that did',
    workersOutOfMemory15m: 'worker threads that reached their heap limit within 15 minutes',
    crashLoops: 'workers or commands that are started again and again and fail',
    crashLoop: 'name of the most restarted of them; null when there is none',
    crashLoopRestartsPerMinute: 'how often it is started again; 0 when there is none',
    pileUp: 'command whose processes become more and more; null when there is none',
    pileUpAlive: 'how many of them live; 0 when there is none',
    childrenAlive: 'child processes that live, cluster workers included, as the kernel shows them',
    zombies: 'children that are dead and not reaped',
    oldestZombieMs: 'how long the oldest has been seen so; 0 when there is none',
    hottestThread:
      "the app's thread that wanted most CPU over the last 15 to 20 s; null when none is that old",
    hottestThreadPercent: 'what it wanted of one core, waiting for one included',
    silentThread:
      "the app's thread that has computed longest without reading or writing anything, so without taking or answering a message; null when there is none, or no worker",
    silentThreadMs: 'for how long, at least',
    clusterWorkersMeasured: 'cluster workers that are at least 15 s old: those of the next three',
    clusterMaxCpuPercent: 'CPU of the busiest over 15 s, of one core',
    clusterOthersCpuPercent: 'mean CPU of the others',
    clusterMaxWantedPercent:
      "what the busiest one's main thread wanted of one core, waiting for one included",
    nodelensOperatorsFailed15m: 'operators of Nodelens that failed within 15 minutes',
    nodelensOperatorsRestarted15m: 'operators that were restarted',
    nodelensRecorderRestarted15m: 'how often its recorder thread was restarted',
    unavailable: 'what cannot be told, by name and with the reason',
  },
  costs: {
    supervision_workers: 'about 0.3 ms of main per worker; it watches for windowSeconds',
    supervision_long_tasks: 'none without such a worker; else as supervision_workers, for 0.4 s',
    supervision_worker_stacks: 'about 2 ms of main, 0.1 ms of the worker for each of 8 stacks',
    supervision_new_connections:
      'none of main; at most 81 looks at the sockets of that process, 0.1 ms each, and 20 at the table of the machine (30 ms each where it has 27,000)',
    supervision_worker_functions:
      'about 2 ms of main; it profiles the worker for 0.3 s, which slows that worker a little',
  },
  thresholds: [
    {
      what: 'crash loop, fast',
      value: '4 failures and 3 restarts within 5 s, the newest at most 60 s ago',
      source: "the default of Elixir's Supervisor: max_restarts 3, max_seconds 5",
    },
    {
      what: 'crash loop, slow',
      value:
        '5 failures and 4 restarts within 5 minutes, half of them within 5 s of their start, the newest at most 60 s ago',
      source: 'our choice: a restarter that waits in between',
    },
    {
      what: 'share that failed in a crash loop',
      value: '60 % of what ended',
      source: 'our choice: some failures among many good runs are no loop',
    },
    {
      what: 'crash loop, critical',
      value: '60 restarts a minute',
      source: 'our choice: a restart each second leaves nothing of the work done',
    },
    {
      what: 'worker out of memory',
      value: 'one within 15 minutes; critical from 3 of the same file',
      source: 'ERR_WORKER_OUT_OF_MEMORY of Node; three are a rule (our choice)',
    },
    {
      what: 'hot worker',
      value:
        'wants 90 % of a core over 15 s with a loop utilization of 0.95, while all others of its file and starter, two at least, take 5 % at most; info until it lasts 55 s',
      source: 'our choice: a worker on its own, or beside one, may be there for long work',
    },
    {
      what: 'worker in a long task',
      value:
        '5 s of 90 % of a core without a read or write, and 20 times the mean CPU of at least 8 tasks before; a warning when main has posted to it meanwhile, else info',
      source:
        'our choice: whoever waits for it within a request has given up by then; tasks of one kind differ by a factor of ten easily',
    },
    {
      what: 'cluster imbalance',
      value:
        "the busiest worker's main thread wants 90 % of a core over 15 s, and the others take at most a quarter of its CPU",
      source: 'our choice: below it there is room left, and one job may be the reason',
    },
    {
      what: 'cluster imbalance with room left',
      value:
        '33 % of a core, the others at most a quarter of its CPU and a third of its reads, and 5 connections that come to it within two seconds',
      source:
        'queueing theory (M/M/1): at a load of a third an answer takes 1.5 times as long as without a queue, at a quarter of that load 1.1 times',
    },
    {
      what: 'imbalance by connections',
      value: 'twice the open files of the others, and 10 more; or 3 times as many reads, and 5 per second',
      source: 'our choice',
    },
    {
      what: 'pile-up of children',
      value: '24 alive, and more in each quarter of the last minute (of 8 s at least); critical from 200',
      source:
        'our choice: more than a pool has, one for each core of a large machine; 200 take memory in the GB',
    },
    {
      what: 'zombie',
      value: '10 s while main turns its loop; info, a warning from 50',
      source: 'Node reaps its own at once; 10 s and 50 are our choice, for each takes a pid',
    },
    {
      what: 'no failure',
      value:
        'exit code 0, the end by SIGTERM, SIGINT, SIGHUP, SIGQUIT or kill() of the app, terminate(), and exit code 1 of a command',
      source: 'asked for; commands such as grep and diff say no by 1',
    },
  ],
};
