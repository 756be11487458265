// What attaching loads on main: every module there is paid by the app before its first line, so the list may not grow
// unseen. The price itself is measured by bench/overhead.
import { expect, test } from 'vitest';
import { packageFile, runtimeFolder, startNode } from './processes.ts';
import { registerUrl } from './services.ts';

/** Modules of ours and of dependencies, built-in ones not counted. */
const MOST = 46;
/** What only runs need. */
const OF_RUNS =
  /\/(coordinator|agent|sandbox|llm\/triage)\/|\/(anthropic|ai-sdk|remote-model|loop|runs|run|run-once|rpc|skill-host|remote-host|in-process-host|supervisor|launcher-handle)\.[jt]s$|\/node_modules\/|^node:(crypto|inspector|child_process|net)$/;

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
  expect(loaded).toContainEqual(expect.stringMatching(/\/recorder\/recorder\.js$/));
  expect(loaded?.filter((url) => OF_RUNS.test(url))).toEqual([]);
  expect(loaded?.filter((url) => url.startsWith('file:')).length).toBeLessThanOrEqual(MOST);
});
