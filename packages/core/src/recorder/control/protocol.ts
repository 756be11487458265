// What travels on the control socket: one JSON object a line; requests go in, events and then one result or error
// come out. Requests are validated here, because anything may write to a socket; results come from our own handlers.
import * as v from 'valibot';
import type { TreeNode } from '../../actor/supervision/tree.ts';
import type { InvestigationResult } from '../../coordinator/insight.ts';
import type { CoordinatorEvent, InvestigationRequest } from '../../coordinator/spec.ts';
import { fail, type NodelensError, reasonOf, type WireError } from '../../errors.ts';
import type { JsonObject, JsonValue } from '../../json.ts';
import type { UsageReport } from '../../spending/usage-report.ts';
import type { ToldEvent } from '../../telemetry/events.ts';
import type { Stamp } from '../../telemetry/stamp.ts';
import type { HistoryQuery, StoredHistory } from '../store/desk.ts';

/** Longest line that the server reads, in bytes. */
export const maxRequestBytes: number = 64 * 1024;
/** Longest line that the server writes, in bytes. */
export const maxReplyBytes: number = 16 * 1024 * 1024;

/** The parameters of every method. */
export interface ControlParams {
  readonly status: Record<string, never>;
  readonly snapshot: { readonly skill: string };
  /** The supervision tree. */
  readonly tree: Record<string, never>;
  /** What was found until now, also in earlier lives where there is a `dataDir`. */
  readonly history: HistoryQuery;
  /** What was spent on models. */
  readonly usage: Record<string, never>;
  readonly investigate: InvestigationRequest;
  /** Cancels the request of that id on the same connection; its reply still comes. */
  readonly cancel: { readonly request: number };
  /** Streams events until it is cancelled or the connection ends. */
  readonly watch: Record<string, never>;
}

export type ControlMethod = keyof ControlParams;

/** What every method answers at the end. */
export interface ControlResults {
  readonly status: JsonObject;
  readonly snapshot: JsonObject;
  readonly tree: TreeNode;
  readonly history: StoredHistory;
  readonly usage: UsageReport;
  readonly investigate: InvestigationResult;
  readonly cancel: { readonly cancelled: boolean };
  readonly watch: Record<string, never>;
}

/** What arrives before the result, by method. */
export interface ControlEvents {
  readonly status: never;
  readonly snapshot: never;
  readonly tree: never;
  readonly history: never;
  readonly usage: never;
  readonly investigate: CoordinatorEvent;
  readonly cancel: never;
  readonly watch: ToldEvent | WatchEvent;
}

/** What only those hear who watch. */
export type WatchEvent = Stamp &
  (
    | {
        /** From here on what happens on main comes too; before, main did not answer. */
        readonly type: 'watch.main_joined';
      }
    | {
        readonly type: 'watch.gap';
        /** Events that came faster than they were taken, and are lost. */
        readonly dropped: number;
      }
  );

/** `id` is chosen by the client, unique among its requests under way. */
export type ControlRequest = {
  [M in ControlMethod]: { readonly id: number; readonly method: M; readonly params: ControlParams[M] };
}[ControlMethod];

/** `id` is null when the request's own could not be read. */
export type ControlReply =
  | { readonly id: number; readonly event: JsonValue }
  | { readonly id: number; readonly result: JsonValue }
  | { readonly id: number | null; readonly error: WireError };

export type ParsedRequest =
  | { readonly ok: true; readonly request: ControlRequest }
  | { readonly ok: false; readonly id: number | null; readonly error: NodelensError };

const requestId = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const shortText = v.pipe(v.string(), v.nonEmpty(), v.maxLength(200));
const count = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(max));
const investigationId = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, 'must be 16 hex characters'));
/** Not a module: a client of the socket has no code loaded into the process. */
const builtinStrategy = v.strictObject({
  kind: v.literal('builtin-strategy'),
  name: v.picklist(['agent-loop', 'pipeline']),
});
const nothing = v.optional(v.strictObject({}), {});
const dayMs = 24 * 3_600_000;

const paramSchemas: { readonly [M in ControlMethod]: v.GenericSchema<unknown, ControlParams[M]> } = {
  status: nothing,
  watch: nothing,
  snapshot: v.strictObject({ skill: shortText }),
  tree: nothing,
  history: v.strictObject({
    limit: v.exactOptional(count(1_000)),
    investigationId: v.exactOptional(investigationId),
  }),
  usage: nothing,
  cancel: v.strictObject({ request: requestId }),
  investigate: v.strictObject({
    id: v.exactOptional(investigationId),
    strategy: v.exactOptional(builtinStrategy),
    reason: v.pipe(v.string(), v.nonEmpty(), v.maxLength(4_000)),
    context: v.exactOptional(
      v.record(
        v.string(),
        v.custom<JsonValue>(() => true),
      ),
    ),
    skills: v.exactOptional(v.pipe(v.array(shortText), v.minLength(1), v.maxLength(100))),
    timeoutMs: v.exactOptional(count(dayMs)),
    maxIterations: v.exactOptional(count(1_000)),
    maxPauseMs: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(dayMs))),
  }),
};

/** Reads one line of a client; never throws. */
export function parseRequest(line: string): ParsedRequest {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return refused(null, `it is not JSON (${reasonOf(error)}).`);
  }
  if (typeof value !== 'object' || value === null) return refused(null, 'it must be an object.');
  const { id: givenId, method, params } = value as { id?: unknown; method?: unknown; params?: unknown };
  const id = v.safeParse(requestId, givenId);
  if (!id.success) return refused(null, '"id" must be a whole number, 0 or above.');
  if (typeof method !== 'string') return refused(id.output, '"method" must be a text.');
  if (!Object.hasOwn(paramSchemas, method))
    return { ok: false, id: id.output, error: fail('control_method_unknown', { method }) };
  const parsed = v.safeParse(paramSchemas[method as ControlMethod], params);
  if (!parsed.success) return refused(id.output, complaint(parsed.issues));
  return { ok: true, request: { id: id.output, method, params: parsed.output } as ControlRequest };
}

/** One line. A reply beyond {@link maxReplyBytes} becomes an error, so that the client gets an answer. */
export function encodeReply(reply: ControlReply): string {
  const line = JSON.stringify(reply);
  if (Buffer.byteLength(line) <= maxReplyBytes) return `${line}\n`;
  const { message, name, code, data } = fail('control_request_invalid', {
    reason: `the answer is longer than ${maxReplyBytes} bytes.`,
  });
  return `${JSON.stringify({ id: reply.id, error: { name, code, message, data } })}\n`;
}

export interface LineDecoderOptions {
  readonly maxBytes: number;
  readonly onLine: (line: string) => void;
  /** Called once for a line beyond `maxBytes`, which is skipped up to its end. */
  readonly onOversized: () => void;
}

/** Cuts a byte stream into lines; holds at most `maxBytes`. Empty lines are ignored. */
export function createLineDecoder(options: LineDecoderOptions): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let size = 0;
  const take = (part: Buffer): void => {
    if (size <= options.maxBytes && size + part.length > options.maxBytes) {
      parts = [];
      options.onOversized();
    }
    size += part.length;
    if (size <= options.maxBytes && part.length > 0) parts.push(part);
  };
  const endLine = (): void => {
    const line = size <= options.maxBytes ? Buffer.concat(parts).toString('utf8') : '';
    parts = [];
    size = 0;
    if (line.trim() !== '') options.onLine(line);
  };
  return (chunk) => {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      take(chunk.subarray(start, end));
      endLine();
      start = end + 1;
    }
    take(chunk.subarray(start));
  };
}

function refused(id: number | null, reason: string): ParsedRequest {
  return { ok: false, id, error: fail('control_request_invalid', { reason }) };
}

function complaint(issues: readonly v.BaseIssue<unknown>[]): string {
  return issues
    .slice(0, 3)
    .map((issue) => `"params${issue.path ? `.${v.getDotPath(issue)}` : ''}": ${issue.message}`)
    .join('; ');
}
