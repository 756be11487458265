// What runs inside the isolate around the caller's code. What is here is turned into text (see harnessSource), so
// they may use one another and nothing else of this module. All that leaves the isolate goes through `post`, as
// strings of bounded size and number. The code may rewrite every built-in afterwards: only what `capture` took is used.

/** The one way out of the isolate; what it takes is copied. */
export type Post = (kind: HarnessEvent, ...values: readonly (string | number)[]) => void;
/**
 * `call` id, name, args · `log` line · `done` json · `failed` / `not-json` message, stack · `too-large` bytes ·
 * `too-many` message. */
export type HarnessEvent = 'call' | 'log' | 'done' | 'failed' | 'not-json' | 'too-large' | 'too-many';

export interface HarnessSettings {
  readonly functions: readonly string[];
  readonly calls: number;
  /** Calls sent at a time; the arguments of the others wait inside, where they count as the isolate's memory. */
  readonly callsAtOnce: number;
  readonly callChars: number;
  readonly consoleChars: number;
  readonly outputChars: number;
}

/** The one way in: `check` code · `start` function · `settle` id, ok, text. */
export type Enter = (entry: 'check' | 'start' | 'settle', a: unknown, b?: unknown, c?: unknown) => void;

type Kit = ReturnType<typeof capture>;
interface OpenCall {
  readonly id: number;
  readonly name: string;
  readonly args: string;
  readonly trace: Error;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  next: OpenCall | undefined;
}

function capture() {
  const { apply } = Reflect;
  const { slice } = String.prototype;
  return {
    apply,
    stringify: JSON.stringify,
    parse: JSON.parse,
    text: String,
    Error,
    SyntaxError,
    Promise,
    AsyncFunction: (async () => undefined).constructor as FunctionConstructor,
    define: Object.defineProperty,
    cut: (value: unknown, chars: number): string =>
      typeof value !== 'string' ? '' : value.length <= chars ? value : apply(slice, value, [0, chars]),
  };
}

/** A value for people; may throw, or take as long as the value's own methods. */
function show(kit: Kit, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return kit.text(value);
  if (value instanceof kit.Error) return `${value.name}: ${value.message}`;
  return kit.stringify(value) ?? kit.text(value);
}

function installConsole(kit: Kit, post: Post, chars: number): void {
  let left = chars;
  const write = (level: string, values: readonly unknown[]): void => {
    if (left <= 0) return;
    let line = `${level}:`;
    for (let i = 0; i < values.length && line.length < left; i++) {
      try {
        line += ` ${show(kit, values[i])}`;
      } catch {
        line += ' [unreadable]';
      }
    }
    line = kit.cut(line, left);
    left -= line.length;
    post('log', line);
  };
  globalThis.console = {
    log: (...values: unknown[]) => write('log', values),
    info: (...values: unknown[]) => write('info', values),
    warn: (...values: unknown[]) => write('warn', values),
    error: (...values: unknown[]) => write('error', values),
    debug: (...values: unknown[]) => write('debug', values),
  } as Console;
}

class Calls {
  readonly #kit: Kit;
  readonly #post: Post;
  readonly #settings: HarnessSettings;
  readonly #open: { [id: number]: OpenCall | undefined };
  #count = 0;
  #sent = 0;
  #isOver = false;
  #head: OpenCall | undefined;
  #tail: OpenCall | undefined;

  constructor(kit: Kit, post: Post, settings: HarnessSettings) {
    this.#kit = kit;
    this.#post = post;
    this.#settings = settings;
    this.#open = Object.create(null);
  }

  invoke(name: string, values: readonly unknown[]): Promise<unknown> {
    const kit = this.#kit;
    // Made here, since at the time of the answer no line of the code is on the stack.
    const trace = new kit.Error();
    return new kit.Promise((resolve, reject) => {
      if (this.#isOver) return;
      const { calls, callChars } = this.#settings;
      const args = this.#count < calls ? kit.stringify(values) : '';
      if (this.#count >= calls) this.#refuse(`More than ${calls} host calls.`);
      else if (typeof args !== 'string' || args.length > callChars)
        this.#refuse(`The arguments of ${name}() exceed ${callChars} bytes.`);
      else this.#enqueue({ id: ++this.#count, name, args, trace, resolve, reject, next: undefined });
    });
  }

  settle(callId: number, ok: boolean, text: string | undefined): void {
    const call = this.#open[callId];
    if (call === undefined) return;
    delete this.#open[callId];
    this.#sent--;
    this.#send();
    if (ok) {
      call.resolve(text === undefined ? undefined : this.#kit.parse(text));
      return;
    }
    this.#kit.define(call.trace, 'message', { value: text, writable: true, configurable: true });
    call.reject(call.trace);
  }

  // Nothing that is called after a limit answers: the run is about to be ended.
  #refuse(message: string): void {
    this.#isOver = true;
    this.#post('too-many', message);
  }

  #enqueue(call: OpenCall): void {
    if (this.#tail === undefined) this.#head = call;
    else this.#tail.next = call;
    this.#tail = call;
    this.#send();
  }

  #send(): void {
    while (this.#head !== undefined && this.#sent < this.#settings.callsAtOnce) {
      const call = this.#head;
      this.#head = call.next;
      if (this.#head === undefined) this.#tail = undefined;
      this.#sent++;
      this.#open[call.id] = call;
      this.#post('call', call.id, call.name, call.args);
    }
  }
}

function postError(kit: Kit, post: Post, kind: 'failed' | 'not-json', thrown: unknown): void {
  let message = '';
  let stack: unknown;
  try {
    message = show(kit, thrown);
    if (thrown instanceof kit.Error) stack = thrown.stack;
    else message = `thrown: ${message}`;
  } catch {
    message ||= 'The thrown value cannot be read.';
  }
  post(kind, kit.cut(message, 1_000), kit.cut(stack, 4_000));
}

function postValue(kit: Kit, post: Post, value: unknown, chars: number): void {
  let json: unknown;
  try {
    json = value === undefined ? 'null' : kit.stringify(value);
  } catch (error) {
    postError(kit, post, 'not-json', error);
    return;
  }
  if (typeof json !== 'string') post('not-json', `A ${typeof value} has no JSON form.`, '');
  else if (json.length > chars) post('too-large', json.length);
  else post('done', json);
}

async function runCode(kit: Kit, post: Post, code: () => Promise<unknown>, chars: number): Promise<void> {
  let value: unknown;
  try {
    value = await code();
  } catch (error) {
    postError(kit, post, 'failed', error);
    return;
  }
  postValue(kit, post, value, chars);
}

/** Code that closes the function it is wrapped in compiles in the wrapper, but not alone. */
function checkBody(kit: Kit, code: string): void {
  try {
    new kit.AsyncFunction(code);
  } catch {
    throw new kit.SyntaxError('The code closes the function that it is the body of');
  }
}

function boot(post: Post, settings: HarnessSettings): Enter {
  const kit = capture();
  const calls = new Calls(kit, post, settings);
  // Not ECMAScript, and its memories are not counted by the isolate's limit.
  Reflect.deleteProperty(globalThis, 'WebAssembly');
  installConsole(kit, post, settings.consoleChars);
  for (const name of settings.functions)
    Reflect.set(globalThis, name, (...values: unknown[]) => calls.invoke(name, values));
  return (entry, a, b, c) => {
    switch (entry) {
      case 'check':
        checkBody(kit, a as string);
        return;
      case 'start':
        runCode(kit, post, a as () => Promise<unknown>, settings.outputChars);
        return;
      case 'settle':
        calls.settle(a as number, b as boolean, c as string | undefined);
        return;
    }
  };
}

const parts = [capture, show, installConsole, Calls, postError, postValue, runCode, checkBody, boot];

/** Body of a closure that takes `post` and the settings as $0 and $1 and returns {@link Enter}. */
export const harnessSource: string = `'use strict';\n${parts.map(String).join('\n')}\nreturn boot($0, $1);`;
