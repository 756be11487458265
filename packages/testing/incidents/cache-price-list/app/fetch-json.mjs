// GET, with a deadline.
export async function fetchJson(url, timeoutMs = 10_000) {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`${url} was answered with ${response.status}`);
  return response.json();
}
