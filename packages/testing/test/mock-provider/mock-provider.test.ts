import { expect, onTestFinished, test } from 'vitest';
import { startMockProvider } from '../../src/index.ts';

async function answerTo(thrown: unknown): Promise<{ status: number; type: string; message: string }> {
  const provider = await startMockProvider({ answer: () => Promise.reject(thrown) });
  onTestFinished(provider.close);
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hello' }] });
  const response = await fetch(`${provider.url}/v1/messages`, { method: 'POST', body });
  const { error } = (await response.json()) as { error: { type: string; message: string } };
  return { status: response.status, ...error };
}

test.each([
  [{}, 400, 'invalid_request_error'],
  [{ status: 404 }, 404, 'not_found_error'],
  [{ status: 529 }, 529, 'overloaded_error'],
  [{ status: 500 }, 500, 'api_error'],
  [{ status: 200 }, 400, 'invalid_request_error'],
])('a throw with %j is answered as %i', async (extra, status, type) => {
  const answer = await answerTo(Object.assign(new Error('no'), extra));
  expect(answer).toEqual({ status, type, message: 'no' });
});

test('who answers is told which model was asked for', async () => {
  const asked: string[] = [];
  const provider = await startMockProvider({
    answer: (_, { model }) => {
      asked.push(model);
      return { text: 'hello', toolCalls: [] };
    },
  });
  onTestFinished(provider.close);
  const body = JSON.stringify({ model: 'small', messages: [{ role: 'user', content: 'hello' }] });
  await fetch(`${provider.url}/v1/messages`, { method: 'POST', body });
  expect(asked).toEqual(['small']);
});
