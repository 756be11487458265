// A small service that ends in the given way at the given moment; without Nodelens it is its own control.
import { pbkdf2Sync } from 'node:crypto';
import { createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MessageChannel } from 'node:worker_threads';
import type { RecorderHandle } from '../../src/recorder/recorder-handle.ts';
import { DUE, type Life, type Phase, type Way } from './ways.ts';

const life = JSON.parse(process.argv[2] ?? '{}') as Life;
const timers: NodeJS.Timeout[] = [];
let server: Server | undefined;
let recorder: RecorderHandle | undefined;

if (life.attached) {
  const { startRecorder } = await import('../../src/recorder/recorder.ts');
  const { bareInit } = await import('../../test/recorder/fixtures/bare-init.ts');
  const module = new URL('./readings-skill.ts', import.meta.url).href;
  const readings = {
    kind: 'skill-spec',
    id: 'readings',
    module,
    exportName: 'createReadings',
    options: {},
  } as const;
  recorder = startRecorder({
    skills: life.phase === 'readings' ? [readings] : [],
    init: { ...bareInit, control: { directory: life.controlDirectory } },
    ...(life.dataDir !== undefined && { dataDir: life.dataDir }),
  });
  if (life.phase !== 'starting') await recorder.ready;
}
if (life.way === 'SIGTERM with handler') process.on('SIGTERM', () => process.exit(5));

const endings: { readonly [W in Way]: () => void } = {
  natural: windDown,
  'process.exit': () => process.exit(7),
  'exit in an exit listener': () => {
    process.on('exit', () => process.exit(9));
    windDown();
  },
  reallyExit: () => (process as unknown as { reallyExit(code: number): void }).reallyExit(3),
  // The driver sends the signal.
  SIGTERM: () => {},
  'SIGTERM with handler': () => {},
  'kill self': () => process.kill(process.pid, 'SIGTERM'),
  'uncaught error': () => {
    throw new Error('the end of the service');
  },
  'unhandled rejection': () => void Promise.reject(new Error('the end of the service')),
  'stop, then natural': () => void (recorder?.stop() ?? Promise.resolve()).then(windDown),
};

keepBusy(life.phase);
if (life.way.startsWith('SIGTERM')) timers.push(setInterval(() => {}, 1_000));
setTimeout(end, life.delayMs);

function keepBusy(phase: Phase): void {
  if (phase === 'captures') timers.push(setInterval(() => spin(120), 1));
  if (phase === 'native calls')
    timers.push(setInterval(() => pbkdf2Sync('a', 'b', 150_000, 64, 'sha512'), 1));
  if (phase === 'http load') startLoad();
  // Its start may be under way when the end comes.
  if (phase === 'launcher') recorder?.connect('launcher', new MessageChannel().port2);
}

function startLoad(): void {
  const listening = createServer((_, response) => response.end('ok')).listen(0, () => {
    const { port } = listening.address() as AddressInfo;
    const request = (): void => {
      if (server === undefined) return;
      get({ port, host: '127.0.0.1' }, (response) => response.resume().once('close', request)).once(
        'error',
        () => {},
      );
    };
    for (let i = 0; i < 8; i++) request();
  });
  server = listening;
}

function end(): void {
  // The middle of a capture is the hardest moment.
  if (life.phase === 'captures') spin(60 + life.delayMs);
  process.stdout.write(`${DUE}\n`);
  endings[life.way]();
}

function windDown(): void {
  for (const timer of timers) clearInterval(timer);
  server?.close();
  server?.closeAllConnections();
  server = undefined;
}

function spin(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
