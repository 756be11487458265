// The processes of a chaos run, as the harness sees them: each is told and tells over IPC.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const isSource: boolean = import.meta.url.endsWith('.ts');
const END_MS = 10_000;

export interface Child<Command, Report extends { readonly type: string }> {
  readonly pid: number;
  send(command: Command): void;
  onReport(listener: (report: Report) => void): void;
  /** The next report of that type. Rejects when the process ends or the time is over. */
  next<T extends Report['type']>(type: T, timeoutMs: number): Promise<Extract<Report, { type: T }>>;
  /** Whatever it printed, both streams. */
  printed(): string;
  /** How it ended; undefined while it runs. */
  readonly ending: string | undefined;
  /** Resolves with how it ended. @param options `isKilled`: after a while, when it does not end by itself. */
  ended(options: { readonly isKilled: boolean }): Promise<string>;
  kill(): Promise<void>;
}

export function startChild<Command, Report extends { readonly type: string }>(
  name: 'service' | 'load',
): Child<Command, Report> {
  const file = fileURLToPath(new URL(`./entry/${name}${isSource ? '.ts' : '.js'}`, import.meta.url));
  const conditions = isSource ? ['--conditions=@nodelens/source'] : [];
  const child = spawn(process.execPath, [...conditions, file], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  const listeners = new Set<(report: Report) => void>();
  let printed = '';
  let ending: string | undefined;
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-20_000);
    });
  child.on('message', (report: Report) => {
    for (const listener of listeners) listener(report);
  });
  const gone = once(child, 'close').then(([code, signal]) => {
    ending = signal === null ? `exit code ${code}` : `signal ${signal}`;
    return ending;
  });
  return {
    pid: child.pid ?? 0,
    send: (command) => void (child.connected && child.send(command as object)),
    onReport: (listener) => void listeners.add(listener),
    next: (type, timeoutMs) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`the ${name} told no "${type}"`)), timeoutMs);
        const listener = (report: Report): void => {
          if (report.type !== type) return;
          clearTimeout(timer);
          listeners.delete(listener);
          resolve(report as Extract<Report, { type: typeof type }>);
        };
        listeners.add(listener);
        void gone.then((how) => reject(new Error(`the ${name} has ended (${how}): ${printed}`)));
      }),
    printed: () => printed,
    get ending() {
      return ending;
    },
    ended: ({ isKilled }) => (isKilled ? endOf(child, gone) : gone),
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

async function endOf(child: ChildProcess, gone: Promise<string>): Promise<string> {
  const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
  const how = await gone;
  clearTimeout(timer);
  return how;
}
