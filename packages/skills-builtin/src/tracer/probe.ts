// Main's part of the tracer. Until it is asked it costs nothing; then it keeps what the breakpoints' conditions tell,
// and takes it away again, also by itself when the recorder does not come back for it.
import type { JsonObject, JsonValue, Probe, ProbePort } from '@nodelens/core';
import { ring, startCounting } from './counting.ts';
import { bellOf, type CountOptions, RECORDING_SYMBOL, type TraceOptions } from './protocol.ts';
import { type RunningRecording, startRecording } from './recording.ts';

/** Taken at load, for a user's fake timers must not keep a trace. */
const later = setTimeout;
const never = clearTimeout;
/** So long after its time a recording is thrown away, in ms. */
const GRACE_MS = 10_000;

export const traceCalls: Probe = (port) => {
  const main = new TracerOnMain(port);
  port.answer((question) => main.answer(question));
  return () => main.clear();
};

class TracerOnMain {
  readonly #numbers: Float64Array;
  readonly #bell: Int32Array;
  #recording: RunningRecording | undefined;
  #watchdog: NodeJS.Timeout | undefined;

  constructor({ numbers }: ProbePort) {
    this.#numbers = numbers;
    this.#bell = bellOf(numbers);
  }

  answer(question: JsonObject): JsonValue {
    const { ask, options } = question;
    if (ask === 'count') return this.#count(options as unknown as CountOptions);
    if (ask === 'trace') return this.#trace(options as unknown as TraceOptions);
    if (ask === 'finish-entries') {
      this.#recording?.finishEntries();
      return this.#recording?.pending ?? 0;
    }
    const recorded = ask === 'end' ? this.#recording?.end() : undefined;
    this.clear();
    return (recorded ?? null) as unknown as JsonValue;
  }

  clear(): void {
    never(this.#watchdog);
    this.#recording?.end();
    this.#recording = undefined;
    Reflect.deleteProperty(globalThis, Symbol.for(RECORDING_SYMBOL));
  }

  #count(options: CountOptions): true {
    this.clear();
    return this.#publish(startCounting(options, this.#numbers), options.maxMs);
  }

  #trace(options: TraceOptions): true {
    this.clear();
    this.#recording = startRecording(options, () => ring(this.#bell));
    return this.#publish(this.#recording, options.maxMs);
  }

  #publish(value: object, maxMs: number): true {
    Object.defineProperty(globalThis, Symbol.for(RECORDING_SYMBOL), { value, configurable: true });
    this.#watchdog = later(() => this.clear(), maxMs + GRACE_MS).unref();
    return true;
  }
}
