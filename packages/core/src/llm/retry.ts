// The loop's attempts around a model: what may succeed later is tried again after 1 s, then 2 s, then 4 s, or when the
// provider asks for it. The provider's own quick retries happen inside the model.
import type { Clock } from '../actor/clock.ts';
import { cancelled, pause } from '../agent/abort.ts';
import { fail, isError, type NodelensError, reasonOf } from '../errors.ts';
import type { Model, ModelRequest, ModelResponse } from './model.ts';
import { LONGEST_RETRY_AFTER_MS } from './provider-error.ts';

export interface FailedAttempt {
  readonly error: NodelensError;
  /** From 1. */
  readonly attempt: number;
  readonly willRetry: boolean;
}

export interface AttemptsOptions {
  /** In all, at least 1. */
  readonly attempts: number;
  readonly clock: Clock;
  /** Called for each failure, the last one included, and for each model that was skipped; not for an abort. */
  readonly onFailure?: (failure: FailedAttempt) => void;
}

/** The same model, tried again on retryable errors; whatever else it throws is a `model_failed`. */
export function withAttempts(model: Model, options: AttemptsOptions): Model {
  return {
    name: model.name,
    async generate(request: ModelRequest, { signal }): Promise<ModelResponse> {
      for (let attempt = 1; ; attempt += 1) {
        if (signal.aborted) throw cancelled(signal);
        let askedForMs = 0;
        const onSkipped = (error: NodelensError): void =>
          options.onFailure?.({ error, attempt, willRetry: true });
        try {
          return await model.generate(request, { signal, onSkipped });
        } catch (thrown) {
          if (signal.aborted) throw cancelled(signal);
          const error = asModelError(thrown, model.name);
          const willRetry = isWorthAnotherAttempt(error) && attempt < options.attempts;
          options.onFailure?.({ error, attempt, willRetry });
          if (!willRetry) throw error;
          askedForMs = retryAfterMs(error);
        }
        await pause(options.clock, Math.max(1_000 * 2 ** (attempt - 1), askedForMs), signal);
      }
    },
  };
}

/**
 * A circuit is open for longer than all attempts take, and a quota may be used up for hours: the end, or another model,
 * comes at once.
 */
export const isWorthAnotherAttempt = (error: NodelensError): boolean =>
  error.retryable && error.code !== 'model_circuit_open' && retryAfterMs(error) <= LONGEST_RETRY_AFTER_MS;

const retryAfterMs = ({ data }: NodelensError): number => Number(data.retryAfterMs ?? 0);

/** What a model throws that is no error of ours is a `model_failed`. */
export const asModelError = (error: unknown, model: string): NodelensError =>
  isError(error) ? error : fail('model_failed', { model, reason: reasonOf(error) }, { cause: error });
