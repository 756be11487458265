// How other services are asked.
import { config } from './config.mjs';

export class UpstreamError extends Error {
  name = 'UpstreamError';
}

export async function post(base, path, body) {
  let response;
  try {
    response = await fetch(new URL(path, base), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(config.timeoutMs),
    });
  } catch (error) {
    throw new UpstreamError(`${path} was not answered`, { cause: error.cause ?? error });
  }
  const answer = await response.json();
  if (!response.ok) throw new UpstreamError(`${path} was answered with ${response.status}`);
  return answer;
}
