// Several models as one: the next is asked when one fails for a reason that another may not have. Each is loaded when
// it is first needed. Who answered is asked first for a while, because its prompt cache is warm.
import { cancelled } from '../agent/abort.ts';
import { type ErrorCode, fail, type NodelensError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { GenerateOptions, Model, ModelLoader, ModelRef, ModelRequest, ModelResponse } from './model.ts';
import { fallbackName } from './references.ts';
import { asModelError, isWorthAnotherAttempt } from './retry.ts';

/** As long as providers keep a prompt cache. */
const STAY_MS = 300_000;

/** What another model would fail with as well. */
const NOT_ITS_FAULT: readonly ErrorCode[] = ['budget_exceeded', 'run_cancelled', 'run_deadline_exceeded'];

/** HTTP statuses that say that the request is at fault. */
const REQUEST_AT_FAULT: readonly unknown[] = [400, 413, 422];

interface Candidate {
  readonly name: string;
  readonly model: () => Promise<Model>;
}

/** The factory behind the reference `fallback()`. */
export function createFallbackModel(options: JsonObject, loader: ModelLoader): Model {
  const refs = options.models as unknown as readonly ModelRef[];
  const preferred = refs.map((ref) => candidate(ref, loader));
  let answered = { by: preferred[0], atMs: Number.NEGATIVE_INFINITY };
  const inOrder = (): readonly Candidate[] =>
    loader.clock.now() - answered.atMs < STAY_MS
      ? [...preferred].sort((a, b) => Number(b === answered.by) - Number(a === answered.by))
      : preferred;
  return {
    name: fallbackName(refs),
    isComposite: true,
    async generate(request, asked) {
      const { response, by } = await firstAnswer(inOrder(), request, asked);
      answered = { by, atMs: loader.clock.now() };
      return { ...response, model: response.model ?? by.name };
    },
  };
}

/** Tried anew after a failed load: the key may be there then. */
function candidate(ref: ModelRef, { load }: ModelLoader): Candidate {
  let loading: Promise<Model> | undefined;
  const model = (): Promise<Model> => {
    loading ??= load(ref).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  return { name: ref.name, model };
}

async function firstAnswer(
  candidates: readonly Candidate[],
  request: ModelRequest,
  options: GenerateOptions,
): Promise<{ response: ModelResponse; by: Candidate }> {
  // The one to tell of all that failed: one that may pass is worth another attempt of all.
  let failure: NodelensError | undefined;
  for (const by of candidates) {
    if (options.signal.aborted) throw cancelled(options.signal);
    try {
      return { response: await answerOf(by, request, options), by };
    } catch (thrown) {
      const error = asModelError(thrown, by.name);
      if (options.signal.aborted || !mayBeItsOwn(error)) throw error;
      const isLast = by === candidates.at(-1);
      const outlasts =
        failure === undefined || isWorthAnotherAttempt(error) || !isWorthAnotherAttempt(failure);
      if (!isLast || !outlasts) options.onSkipped?.(error);
      if (outlasts) failure = error;
    }
  }
  throw failure ?? fail('model_invalid', { reason: 'it names no model.' });
}

async function answerOf(
  { name, model }: Candidate,
  request: ModelRequest,
  options: GenerateOptions,
): Promise<ModelResponse> {
  const response = await (await model()).generate(request, options);
  if (response.stopReason === 'refusal')
    throw fail('model_failed', { model: name, reason: `it refused: ${response.text}` });
  return response;
}

const mayBeItsOwn = ({ code, data }: NodelensError): boolean =>
  !NOT_ITS_FAULT.includes(code) && !REQUEST_AT_FAULT.includes(data.status);
