// The recorder thread, put together: recording first, then the skills that read it, then the ways to reach them.
import type { MessagePort } from 'node:worker_threads';
import { type LauncherHandle, startLauncher } from '../actor/hosts/launcher-handle.ts';
import type { Connect, ServiceName } from '../actor/hosts/services.ts';
import { beginBeating } from '../actor/limits/beating.ts';
import { ownThreadId } from '../actor/limits/kernel-thread.ts';
import { memoryDesk } from '../actor/limits/memory-desk.ts';
import { toWire } from '../errors.ts';
import { asJson, type JsonObject, type JsonValue } from '../json.ts';
import { serveRpc } from '../rpc.ts';
import type { SkillSpec } from '../skill.ts';
import { createSkillHost, type LocalSkillHost } from '../skill-host.ts';
import type { RecorderNews } from '../system/recorder-init.ts';
import { type BlackBox, startBlackBox } from './black-box/black-box.ts';
import type { RecorderContext } from './context.ts';
import { setThreadId } from './exit-word.ts';
import type { FromRecorder, RecorderStart, ToRecorder } from './link.ts';
import { createMainMessages } from './main-messages.ts';
import { createProbeFeeds } from './probe-feeds.ts';
import { createPulse } from './pulse.ts';
import { createRecorderContext, type Recorder } from './recorder-context.ts';
import { createConnect, type ServiceTable } from './services.ts';
import { createSkillLoader } from './skill-loader.ts';
import { createStore, type Store } from './store/store.ts';
import type { Vaults } from './store/vaults.ts';
import { createTold, type Told } from './told.ts';

/** What an extension of the recorder thread (the control socket) gets to work with. */
export interface RecorderParts extends Told {
  readonly context: RecorderContext;
  readonly skills: LocalSkillHost;
  /** Opens a service for this thread, wherever it is served. */
  readonly connect: Connect;
  readonly launcher: Pick<LauncherHandle, 'isRunning' | 'restarts' | 'lastExit'>;
  readonly store: Store;
  /** Undefined without a `dataDir`. */
  readonly blackBox: BlackBox | undefined;
  /** Hold over several lives of this thread what no `dataDir` does. */
  readonly vaults: Vaults;
  /** Main's script: services that share a `dataDir` are told apart by it. */
  readonly service: string;
  /** What main gave to `startRecorder`. */
  readonly init: JsonObject;
  /** One small message to main, delivered when its loop turns. */
  postToMain(message: JsonValue): void;
  /** Messages of main's `post`; returns the undo. */
  onMainMessage(listener: (message: JsonValue) => void): () => void;
  /** The start waits for this part of an extension, and fails with its rejection. */
  beforeReady(part: Promise<unknown>): void;
}

/** What a service has when it is made, before anyone can connect to it. */
export type ServiceParts = Pick<RecorderParts, 'service' | 'init' | 'store' | 'tell' | 'vaults'>;

/** Makes what serves the ports of one service, for the life of the thread. */
export type RecorderService = (parts: ServiceParts) => (port: MessagePort) => void;

/** Services of the layers above, by name. */
export type RecorderServices = { readonly [K in ServiceName]?: RecorderService };

/** Less than main waits for the recorder's own stop, so that what comes after it is still done. */
const LAUNCHER_STOP_MS = 3_500;

/** Starts something on the recorder thread when its skills are loaded; returns its undo, awaited at the stop. */
export type RecorderExtension = (parts: RecorderParts) => () => void | Promise<void>;

type TellMain = (news: RecorderNews) => void;

type ToMain = (message: FromRecorder, ports?: readonly MessagePort[]) => void;

/** Runs for the life of the thread. */
export function runRecorder(
  start: RecorderStart,
  extensions: readonly RecorderExtension[] = [],
  further: RecorderServices = {},
): void {
  const pulse = createPulse();
  pulse.everySecond(beginBeating(start.heart));
  setThreadId(start.word, ownThreadId());
  const toMain: ToMain = (message, ports = []) => start.link.postMessage(message, ports);
  const recorder = createRecorderContext({ ...start, pulse });
  const { context } = recorder;
  const feeds = createProbeFeeds(context.inspector);
  for (const link of start.probes) feeds.link(link);
  const skills = createSkillHost([], {
    host: 'recorder',
    limitations: () => context.limitations,
    ...createSkillLoader(context, feeds),
  });
  const news: TellMain = (message) => toMain({ type: 'message', message: asJson(message) });
  const store = openStore(start, news);
  recorder.beforeEnd(store.close);
  const blackBox = openBlackBox(start, { recorder, store, news });
  const messages = createMainMessages();
  const told = createTold((event) => news({ type: 'event', event }));
  const { service, init, vaults } = start;
  const services = made(further, { ...told, service, init, store, vaults });
  const { connect, launcher } = createServices({ skills, store, services }, toMain);
  const awaited: Promise<unknown>[] = [];
  const parts: RecorderParts = {
    context,
    skills,
    connect,
    launcher,
    store,
    blackBox,
    vaults,
    service: start.service,
    init: start.init,
    postToMain: (message) => toMain({ type: 'message', message }),
    onMainMessage: messages.listen,
    beforeReady: (part) => void awaited.push(part),
    ...told,
  };
  // Actors may have something to say in their last moments.
  const undo: (() => void | Promise<void>)[] = [
    () => launcher.stop().finally(store.close),
    () => blackBox?.close(),
  ];
  let isStopping = false;

  start.link.on('message', (message: ToRecorder) => {
    if (message.type === 'connect') connect(message.service, message.port);
    else if (message.type === 'message') messages.deliver(message.message);
    else if (message.type === 'awake') recorder.awake(message.late);
    else if (message.type === 'probe-events') feeds.deliver(message.key, message.events);
    else if (message.type === 'probe') feeds.link(message.link);
    else {
      isStopping = true;
      void stop(recorder, undo.splice(0), toMain);
    }
  });
  endInOrder(recorder, toMain);
  void announce(start.skills, skills, {
    armed: recorder.armed,
    toMain,
    // Who asks over the control socket must find the skills.
    onLoaded: () => {
      if (!isStopping) undo.unshift(...extensions.map((extend) => extend(parts)));
      return awaited;
    },
  });
}

const processStartedAtMs = (): number => Date.now() - process.uptime() * 1_000;

function openStore({ dataDir, vaults, service }: RecorderStart, news: TellMain): Store {
  return createStore({
    dataDir,
    vaults,
    service,
    processStartedAtMs: processStartedAtMs(),
    onWarning: (message) => news({ type: 'store.warning', message }),
  });
}

/** None without a folder, nor in a process that is ending already. */
function openBlackBox(
  { dataDir, service, execArgv }: RecorderStart,
  { recorder, store, news }: { recorder: Recorder; store: Store; news: TellMain },
): BlackBox | undefined {
  if (dataDir === undefined || store.database === undefined) return undefined;
  let blackBox: BlackBox | undefined;
  if (!recorder.beforeEnd(() => blackBox?.end())) return undefined;
  blackBox = startBlackBox({
    context: recorder.context,
    dataDir,
    service,
    startedAtMs: processStartedAtMs(),
    nodeOptions: [process.env.NODE_OPTIONS ?? '', ...execArgv],
    database: store.database,
    onRecovered: (life) => news({ type: 'event', event: { type: 'blackbox.recovered', life } }),
    onWarning: (message) => news({ type: 'store.warning', message }),
  });
  return blackBox;
}

const made = (further: RecorderServices, parts: ServiceParts): ServiceTable =>
  Object.fromEntries(Object.entries(further).map(([name, make]) => [name, make(parts)]));

function createServices(
  { skills, store, services }: Pick<RecorderParts, 'skills' | 'store'> & { readonly services: ServiceTable },
  toMain: ToMain,
): { connect: Connect; launcher: LauncherHandle } {
  const launcher = startLauncher({
    onConnect: (service, port) => connect(service, port),
    stopMs: LAUNCHER_STOP_MS,
  });
  const connect = createConnect(
    {
      skills: (port) => void serveRpc(port, skills),
      store: (port) => void serveRpc(port, { keep: store.keep, history: store.history }),
      memory: (port) => void serveRpc(port, memoryDesk),
      launcher: (port) => launcher.connect('launcher', port),
      sandbox: (port) => launcher.connect('sandbox', port),
      census: (port) => (launcher.isRunning ? launcher.connect('census', port) : port.close()),
      ...services,
    },
    (service, port) => toMain({ type: 'connect', service, port }, [port]),
  );
  return { connect, launcher };
}

/** All but the session, which main asks for by the exit word when it has heard of this. */
async function stop(
  recorder: Recorder,
  undo: readonly (() => void | Promise<void>)[],
  toMain: ToMain,
): Promise<void> {
  recorder.stop();
  await Promise.allSettled(undo.map(async (end) => end()));
  toMain({ type: 'stopped' });
}

/** A failure of ours must not end the thread with an open session: that can abort the process. Main ends it. */
function endInOrder(recorder: Recorder, toMain: ToMain): void {
  const giveUp = (error: unknown): void => {
    recorder.stop();
    recorder.abandon();
    toMain({ type: 'failed', error: toWire(error) });
  };
  process.on('uncaughtException', giveUp);
  process.on('unhandledRejection', giveUp);
}

async function announce(
  specs: readonly SkillSpec[],
  skills: LocalSkillHost,
  options: { armed: Promise<void>; toMain: ToMain; onLoaded: () => readonly Promise<unknown>[] },
): Promise<void> {
  const { armed, toMain, onLoaded } = options;
  const failed = (await settled(specs.map((spec) => skills.load(spec)))) ?? (await settled(onLoaded()));
  await armed;
  toMain(failed === undefined ? { type: 'ready' } : { type: 'start-failed', error: toWire(failed.reason) });
}

/** The first that failed, when all have settled. */
const settled = async (parts: readonly Promise<unknown>[]): Promise<PromiseRejectedResult | undefined> =>
  (await Promise.allSettled(parts)).find((outcome) => outcome.status === 'rejected');
