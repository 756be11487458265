// The host's handle of one sandbox process: starts it, keeps the host alive only while it is in use, notices when it
// falls silent, and kills it. Knows nothing of what a run means.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { permissionFlags } from './permissions.ts';
import type { FromSandbox, ToSandbox } from './protocol.ts';
import { describe } from './verdict.ts';

export interface SandboxProcessEvents {
  message(message: Exclude<FromSandbox, { type: 'ready' | 'unusable' | 'alive' }>): void;
  /** Once; not after `kill`. */
  gone(reason: string): void;
}

const silenceMs = 2_000;
const startMs = 10_000;
const watchMs = 250;

const entry = fileURLToPath(
  new URL(`./entry/sandbox-process${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
);

export class SandboxProcess {
  readonly exited: Promise<void>;
  readonly #child: ChildProcess;
  readonly #events: SandboxProcessEvents;
  readonly #held: ToSandbox[] = [];
  #isReady = false;
  #isOver = false;
  #heardAt = performance.now();
  #watch: NodeJS.Timeout | undefined;

  /** @throws Error when no process can be started. */
  constructor(events: SandboxProcessEvents) {
    this.#events = events;
    this.#child = fork(entry, [], {
      execArgv: permissionFlags(),
      // Node hands this one on unless it is named.
      env: { NODE_V8_COVERAGE: undefined },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.exited = promise;
    this.#child.on('message', (message) => this.#onMessage(message as FromSandbox));
    this.#child.once('error', (error) => {
      this.#gone(`it could not be started: ${error.message}`);
      if (this.#child.pid === undefined) resolve();
    });
    this.#child.once('exit', (code, signal) => {
      this.#gone(`it ended by itself (${signal ?? `exit code ${code}`})`);
      resolve();
    });
    this.setInUse(true);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Kept back until the process is ready. */
  send(message: ToSandbox): void {
    if (!this.#isReady) this.#held.push(message);
    else if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  /** Unused, it does not keep the host alive. */
  setInUse(inUse: boolean): void {
    clearInterval(this.#watch);
    this.#watch = undefined;
    if (this.#isOver) return;
    if (!inUse) {
      this.#child.unref();
      this.#child.channel?.unref();
      return;
    }
    this.#child.ref();
    this.#child.channel?.ref();
    this.#heardAt = performance.now();
    let dueAt = this.#heardAt + watchMs;
    this.#watch = setInterval(() => {
      const now = performance.now();
      // When this thread itself was blocked, what the process said in the meantime is still unread.
      if (now - dueAt > watchMs) this.#heardAt = now;
      dueAt = now + watchMs;
      if (now - this.#heardAt > (this.#isReady ? silenceMs : startMs)) this.#silent();
    }, watchMs);
  }

  /** SIGKILL: nothing else ends an isolate that does not stop. Resolves when the process is gone. */
  kill(): Promise<void> {
    this.#over();
    // Someone may wait for the end with nothing else that keeps the host alive.
    this.#child.ref();
    this.#child.kill('SIGKILL');
    return this.exited;
  }

  #onMessage(message: FromSandbox): void {
    if (this.#isOver) return;
    this.#heardAt = performance.now();
    try {
      this.#handle(message);
    } catch (error) {
      // Its messages are ours, unless code has broken out of its isolate.
      this.#gone(`it broke the protocol: ${describe(error)}`);
      this.#child.kill('SIGKILL');
    }
  }

  #handle(message: FromSandbox): void {
    switch (message.type) {
      case 'alive':
        return;
      case 'ready':
        this.#isReady = true;
        for (const held of this.#held.splice(0)) this.send(held);
        return;
      case 'unusable':
        this.#gone(`it cannot work: ${message.reason}`);
        this.#child.kill('SIGKILL');
        return;
      default:
        this.#events.message(message);
    }
  }

  #silent(): void {
    this.#gone(`it did not answer for ${silenceMs} ms`);
    this.#child.kill('SIGKILL');
  }

  #gone(reason: string): void {
    if (this.#isOver) return;
    this.#over();
    this.#events.gone(reason);
  }

  #over(): void {
    this.#isOver = true;
    clearInterval(this.#watch);
    this.#watch = undefined;
  }
}
