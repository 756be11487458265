// The ledger, over HTTP. A call that was not successful is made again, up to a limit.
const ATTEMPTS = 8;

export async function call(path) {
  let problem;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    try {
      const response = await fetch(new URL(path, process.env.LEDGER_URL), {
        signal: AbortSignal.timeout(2_000),
      });
      if (response.ok) return await response.json();
      await response.body?.cancel();
      problem = new Error(`the ledger answered ${response.status}`);
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}
