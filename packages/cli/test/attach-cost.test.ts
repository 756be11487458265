// What attaching loads on main: every module there is paid by the app before its first line, so the list may not grow
// unseen. The price itself is measured by bench/overhead.
import { expect, test } from 'vitest';
import { packageFile, runtimeFolder, startNode } from './processes.ts';
import { registerUrl } from './services.ts';

/** The entry, its preload here, and ten probes; the build makes one file of each. */
const MOST = 12;
/** What only runs need, and what an app may never need (node:http takes 10 ms and more to load). */
const OF_RUNS =
  /\/(coordinator|agent|sandbox|llm\/triage)\/|\/(anthropic|ai-sdk|remote-model|loop|runs|run|run-once|rpc|skill-host|remote-host|in-process-host|supervisor|launcher-handle)\.[jt]s$|\/node_modules\/|^node:(crypto|inspector|child_process|net|tls|https?|http2)$/;

test('register loads on main what recording needs and nothing that only runs need', async () => {
  const env = { NODELENS_RUNTIME_DIR: await runtimeFolder() };
  const list = 'console.log(JSON.stringify(globalThis.loadedModules)); process.exit()';
  const preloads = [packageFile('test/fixtures/loaded-modules.mjs'), registerUrl].flatMap((module) => [
    '--import',
    module,
  ]);
  const { stdout, stderr } = await startNode([...preloads, '-e', list], { env }).outcome;
  const loaded = JSON.parse(stdout || 'null') as string[] | null;
  expect(stderr).toBe('');
  expect(loaded?.filter((url) => OF_RUNS.test(url))).toEqual([]);
  expect(loaded?.filter((url) => url.startsWith('file:')).length).toBeLessThanOrEqual(MOST);
});

test('the system that register started is the one of the API, though the entry is a copy of its code', async () => {
  const env = { NODELENS_RUNTIME_DIR: await runtimeFolder() };
  const look =
    "const { Nodelens } = await import('@nodelens/core');" +
    'const lens = Nodelens.current;' +
    "const { snapshots } = await lens.operator.run('runtime', { reason: 'a look' });" +
    'console.log(snapshots.length > 0); await lens.stop();' +
    'console.log(Nodelens.current === undefined);';
  const options = { env, cwd: packageFile('.') };
  const { stdout, stderr } = await startNode(
    ['--import', registerUrl, '--input-type=module', '-e', look],
    options,
  ).outcome;
  expect({ stdout, stderr }).toEqual({ stdout: 'true\ntrue\n', stderr: '' });
});
