// The recorder thread, put together: recording first, then the skills that read it, then the ways to reach them.
import type { MessagePort } from 'node:worker_threads';
import { startLauncher } from '../actor/launcher-handle.ts';
import type { Connect } from '../actor/services.ts';
import { reasonOf, toWire } from '../errors.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { serveRpc } from '../rpc.ts';
import type { Skill, SkillSpec } from '../skill.ts';
import { createSkillHost, type LocalSkillHost } from '../skill-host.ts';
import type { RecorderContext, SkillFactory } from './context.ts';
import { setThreadId } from './exit-word.ts';
import type { FromRecorder, RecorderStart, ToRecorder } from './link.ts';
import { ownThreadId } from './proc.ts';
import { createRecorderContext } from './recorder-context.ts';
import { createConnect } from './services.ts';

/** What an extension of the recorder thread (the control socket) gets to work with. */
export interface RecorderParts {
  readonly context: RecorderContext;
  readonly skills: LocalSkillHost;
  /** Opens a service for this thread, wherever it is served. */
  readonly connect: Connect;
  /** What main gave to `startRecorder`. */
  readonly init: JsonObject;
  /** One small message to main, delivered when its loop turns. */
  postToMain(message: JsonValue): void;
  /** Messages of main's `post`; returns the undo. */
  onMainMessage(listener: (message: JsonValue) => void): () => void;
}

/** Starts something on the recorder thread; returns its undo, which is awaited at the stop. */
export type RecorderExtension = (parts: RecorderParts) => () => void | Promise<void>;

/** Runs for the life of the thread. */
export function runRecorder(start: RecorderStart, extensions: readonly RecorderExtension[] = []): void {
  setThreadId(start.word, ownThreadId());
  const toMain = (message: FromRecorder, ports: readonly MessagePort[] = []): void =>
    start.link.postMessage(message, ports);
  const recorder = createRecorderContext(start);
  const { context } = recorder;
  const skills = createSkillHost([], {
    host: 'recorder',
    limitations: () => context.limitations,
    loader: (spec) => makeSkill(spec, context),
  });
  const up: Connect = (service, port) => toMain({ type: 'connect', service, port }, [port]);
  const launcher = startLauncher({ onConnect: (service, port) => connect(service, port) });
  const connect = createConnect(
    {
      skills: (port) => void serveRpc(port, skills),
      launcher: (port) => launcher.connect('launcher', port),
      sandbox: (port) => launcher.connect('sandbox', port),
    },
    up,
  );
  const listeners = new Set<(message: JsonValue) => void>();
  const parts: RecorderParts = {
    context,
    skills,
    connect,
    init: start.init,
    postToMain: (message) => toMain({ type: 'message', message }),
    onMainMessage(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const undo: (() => void | Promise<void>)[] = extensions.map((extend) => extend(parts));
  undo.push(() => launcher.stop());

  const stop = async (): Promise<void> => {
    recorder.stop();
    await Promise.allSettled(undo.splice(0).map(async (end) => end()));
    toMain({ type: 'stopped' });
  };
  start.link.on('message', (message: ToRecorder) => {
    if (message.type === 'connect') connect(message.service, message.port);
    else if (message.type === 'stop') void stop();
    else for (const listener of listeners) listener(message.message);
  });
  endInOrder(recorder, toMain);
  void announce(start.skills, skills, { armed: recorder.armed, toMain });
}

/** A failure of ours must not end the thread with an open session: that can abort the process. Main ends it. */
function endInOrder(
  recorder: Pick<ReturnType<typeof createRecorderContext>, 'stop' | 'abandon'>,
  toMain: (message: FromRecorder) => void,
): void {
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
  { armed, toMain }: { armed: Promise<void>; toMain: (message: FromRecorder) => void },
): Promise<void> {
  const loaded = await Promise.allSettled(specs.map((spec) => skills.load(spec)));
  await armed;
  const failed = loaded.find((outcome) => outcome.status === 'rejected');
  toMain(failed === undefined ? { type: 'ready' } : { type: 'start-failed', error: toWire(failed.reason) });
}

async function makeSkill(spec: SkillSpec, context: RecorderContext): Promise<Skill> {
  const module = (await import(spec.module)) as Record<string, unknown>;
  const factory = module[spec.exportName];
  if (typeof factory !== 'function')
    throw new TypeError(
      `${spec.module} has no function named "${spec.exportName}": ${reasonOf(typeof factory)}.`,
    );
  return (factory as SkillFactory)(context, spec.options);
}
