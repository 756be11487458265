// Main's question for what was found until now; the store is on the recorder thread.
import type { MessagePort } from 'node:worker_threads';
import { fail, isError, reasonOf } from '../errors.ts';
import type { HistoryQuery, StoreDesk, StoredHistory } from '../recorder/store/desk.ts';
import { connectRpc } from '../rpc.ts';
import { assertPasses, is, shape, wholeNumber } from './checks.ts';

const ANSWER_MS = 5_000;
const check = shape({
  limit: wholeNumber(1, 1_000),
  investigationId: is(
    (value) => typeof value === 'string' && /^[0-9a-f]{16}$/.test(value),
    'an id: 16 hex characters',
  ),
});

/**
 * @param open a port to the service `store`
 * @throws NodelensError `option_invalid`, `store_unavailable`
 */
export async function askHistory(open: () => MessagePort, query: HistoryQuery): Promise<StoredHistory> {
  assertPasses(check, query, 'query');
  const { remote, close } = connectRpc<StoreDesk>(open(), { peer: 'the store', timeoutMs: ANSWER_MS });
  try {
    return await remote.history(query);
  } catch (error) {
    if (isError(error, 'store_unavailable')) throw error;
    throw fail(
      'store_unavailable',
      { what: 'a look at its history', reason: reasonOf(error) },
      { cause: error },
    );
  } finally {
    close();
  }
}
