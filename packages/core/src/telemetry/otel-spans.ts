// The spans of investigations and operator runs that are open or were lately, so that what happened in them finds
// them also when it is told late. Bounded: of the oldest nothing is kept.
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { agentAttributes, text, timeOf } from './otel-attributes.ts';

/** Investigations of which something is kept. */
const TRACES_KEPT = 256;
/** Runs of one of them: a continuous operator may live in one for ever. */
const RUNS_KEPT = 64;
/** Operators that run by themselves. */
const BEGUN_KEPT = 256;

interface Run {
  readonly operator: string;
  readonly span: Span;
  endedAtMs?: number;
}

interface Trace {
  /** Absent for an operator that runs by itself: each of its runs is a trace then. */
  readonly root?: Span;
  readonly runs: Run[];
  isEnded: boolean;
}

interface Begin {
  /** Wall-clock ms. */
  readonly atMs: number;
  readonly attributes: Attributes;
}

export class Spans {
  readonly #tracer: Tracer;
  readonly #traces = new Map<string, Trace>();
  /** When an operator that runs by itself was started or woken, until its run is known by what it did. */
  readonly #begun = new Map<string, Begin>();

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  startInvestigation(id: string, atMs: number, attributes: Attributes): void {
    const options = { kind: SpanKind.INTERNAL, startTime: timeOf(atMs), attributes };
    const root = this.#tracer.startSpan('investigation', options, ROOT_CONTEXT);
    this.#keep(id, { root, runs: [], isEnded: false });
  }

  investigation(id: string): Span | undefined {
    return this.#traces.get(id)?.root;
  }

  endInvestigation(id: string, atMs: number): void {
    const found = this.#traces.get(id);
    if (found === undefined) return;
    for (const run of found.runs) end(run, atMs);
    if (!found.isEnded) found.root?.end(timeOf(atMs));
    found.isEnded = true;
  }

  /** In an investigation it is a run from now on; by itself it may rest long before it does something. */
  startRun(id: string, operator: string, begin: Begin): void {
    if (this.investigation(id) !== undefined) this.#start(id, operator, begin);
    else this.expectRun(operator, begin);
  }

  expectRun(operator: string, begin: Begin): void {
    this.#begun.delete(operator);
    this.#begun.set(operator, begin);
    const [oldest] = this.#begun.keys();
    if (this.#begun.size > BEGUN_KEPT && oldest !== undefined) this.#begun.delete(oldest);
  }

  /** The run in which something of that time happened; begun by it when nobody told of its start. */
  runAt(id: string, operator: string, atMs: number): Span {
    const own = this.#traces.get(id)?.runs.filter((run) => run.operator === operator) ?? [];
    const found = own.findLast(({ endedAtMs = Number.POSITIVE_INFINITY }) => atMs <= endedAtMs);
    if (found !== undefined) return found.span;
    const begin = this.#begun.get(operator) ?? { atMs, attributes: {} };
    this.#begun.delete(operator);
    return this.#start(id, operator, { ...begin, atMs: Math.min(begin.atMs, atMs) });
  }

  endRun(id: string, operator: string, atMs: number): void {
    const run = this.#traces.get(id)?.runs.findLast((candidate) => candidate.operator === operator);
    if (run !== undefined) end(run, atMs);
  }

  /** Where something belongs that this agent did; the root context when nothing is known of it. */
  contextOf(id: string, agent?: string): Context {
    const found = this.#traces.get(id);
    const run = found?.runs.findLast(({ operator }) => operator === agent);
    return under(run?.span ?? found?.root);
  }

  /** Ends what is unfinished. */
  close(): void {
    for (const left of this.#traces.values()) abandon(left);
    this.#traces.clear();
    this.#begun.clear();
  }

  #start(id: string, operator: string, { atMs, attributes }: Begin): Span {
    const owner = this.#traces.get(id) ?? { runs: [], isEnded: false };
    this.#keep(id, owner);
    const span = this.#tracer.startSpan(
      `invoke_agent ${text(operator)}`,
      {
        kind: SpanKind.INTERNAL,
        startTime: timeOf(atMs),
        attributes: { ...agentAttributes(operator), ...idAttributes(id), ...attributes },
      },
      under(owner.root),
    );
    owner.runs.push({ operator, span });
    if (owner.runs.length > RUNS_KEPT) abandonRun(owner.runs.shift());
    return span;
  }

  #keep(id: string, kept: Trace): void {
    this.#traces.delete(id);
    this.#traces.set(id, kept);
    const [oldest] = this.#traces;
    if (this.#traces.size <= TRACES_KEPT || oldest === undefined) return;
    abandon(oldest[1]);
    this.#traces.delete(oldest[0]);
  }
}

export const idAttributes = (
  id: string,
): Readonly<Record<'gen_ai.conversation.id' | 'nodelens.investigation.id', string>> => ({
  'gen_ai.conversation.id': id,
  'nodelens.investigation.id': id,
});

export const under = (parent: Span | undefined): Context =>
  parent === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, parent);

function end(run: Run, atMs: number): void {
  if (run.endedAtMs !== undefined) return;
  run.endedAtMs = atMs;
  run.span.end(timeOf(atMs));
}

function abandonRun(run: Run | undefined): void {
  if (run === undefined || run.endedAtMs !== undefined) return;
  run.span.setAttribute('nodelens.incomplete', true);
  end(run, Date.now());
}

function abandon({ root, runs, isEnded }: Trace): void {
  runs.forEach(abandonRun);
  if (!isEnded) root?.setAttribute('nodelens.incomplete', true).end();
}
