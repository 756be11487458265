// What a provider's client threw, as one of our errors: whether the same call may succeed later is decided here, once,
// for all providers.
import { type ErrorCode, fail, type NodelensError, reasonOf } from '../errors.ts';

/** A provider that asks for a longer wait (`Retry-After`) is not asked again by itself. */
export const LONGEST_RETRY_AFTER_MS = 60_000;

export interface ProviderFailure {
  /** Its name. */
  readonly model: string;
  readonly error: unknown;
  /** Of the HTTP answer; absent when there was none. */
  readonly status?: number | undefined;
  readonly retryAfter?: string | null | undefined;
  readonly requestId?: string | null | undefined;
  /** What to look at when the key is refused, e.g. `ANTHROPIC_API_KEY`. */
  readonly keyName?: string | undefined;
}

export function providerError(failure: ProviderFailure): NodelensError {
  const { model, error, status, retryAfter, requestId } = failure;
  const reason = reasonOf(error) + (adviceFor(failure) ?? causeOf(error));
  // Where it is a date, it is only told.
  const retryAfterMs = Number(retryAfter ?? Number.NaN) * 1_000;
  const data = {
    model,
    reason,
    ...(status && { status }),
    ...(requestId && { requestId }),
    ...(retryAfterMs > 0 && { retryAfterMs }),
  };
  return fail(codeOf(failure), data, { cause: error });
}

function codeOf({ error, status }: ProviderFailure): ErrorCode {
  if (status === 429) return 'model_rate_limited';
  if (status === 529 || status === 503 || (error as { type?: unknown }).type === 'overloaded_error')
    return 'model_overloaded';
  if (status === undefined) return isBroken(error) ? 'model_unavailable' : 'model_failed';
  // Below 400 it was accepted, and the answer broke off or is none.
  const mayPass = status < 400 || status >= 500 || status === 408 || status === 409;
  return mayPass ? 'model_unavailable' : 'model_failed';
}

/** The connection failed, or what came over it broke off; as fetch and the clients on it tell it. */
function isBroken(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { name, message, code } = cause as Error & { code?: unknown };
    if (name.startsWith('APIConnection') || cause instanceof SyntaxError) return true;
    if (/^AI_(JSONParse|TypeValidation|InvalidResponseData|EmptyResponseBody)Error$/.test(name)) return true;
    if (/^(fetch failed|terminated|(stream|request) ended )/.test(message)) return true;
    if (typeof code === 'string' && /^(E[A-Z]+|UND_ERR_\w+)$/.test(code)) return true;
  }
  return false;
}

function adviceFor({ status, retryAfter, keyName = 'its API key' }: ProviderFailure): string | undefined {
  if (retryAfter) return `; it asks to wait ${retryAfter} s`;
  if (status === 401 || status === 403) return `; check ${keyName}`;
  if (status === 404) return '; check the name of the model and the base URL';
  return undefined;
}

/** "Connection error." alone helps nobody; the cause says ECONNREFUSED. */
function causeOf(error: unknown): string {
  const reasons: string[] = [];
  for (let cause = (error as Error).cause; cause instanceof Error; cause = cause.cause)
    reasons.push(cause.message || String((cause as { code?: string }).code ?? cause.name));
  return reasons.length === 0 ? '' : ` (${reasons.join(': ')})`;
}
