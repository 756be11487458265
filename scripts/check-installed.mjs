// Run in a project that has the packed packages installed: a service that knows nothing of Nodelens is started with
// `--import nodelens/register`, investigated with the installed command while it is blocked, and ends cleanly.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

const BLOCK_MS = 12_000;
const SERVICE = `
import { createServer } from 'node:http';
function sumOfTheYear() {
  let sum = 0;
  for (const end = Date.now() + ${BLOCK_MS}; Date.now() < end; ) sum += Math.sqrt(sum + 1);
  return sum;
}
const server = createServer((request, response) => {
  if (request.url === '/year') response.end(String(sumOfTheYear()));
  else {
    response.end('bye');
    server.close();
    server.closeAllConnections();
  }
});
server.listen(0, '127.0.0.1', () => console.log('listening', server.address().port));
`;

const runtimeDir = mkdtempSync(join(tmpdir(), 'nodelens-check-'));
const env = { ...process.env, NODELENS_RUNTIME_DIR: runtimeDir, ANTHROPIC_API_KEY: '' };
writeFileSync('service.mjs', SERVICE);

const service = spawn(process.execPath, ['--import', 'nodelens/register', 'service.mjs'], {
  env,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(service, 'exit');
try {
  const [line] = await once(createInterface({ input: service.stdout }), 'line');
  const url = `http://127.0.0.1:${line.split(' ')[1]}`;
  const blockedSince = Date.now();
  const blocked = fetch(`${url}/year`).then((response) => response.text());

  const command = join('node_modules', '.bin', 'nodelens');
  const args = ['investigate', '--pid', String(service.pid), '--reason', 'requests hang', '--json'];
  const investigation = spawn(process.execPath, [command, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [code]] = await Promise.all([text(investigation.stdout), once(investigation, 'exit')]);
  const tookMs = Date.now() - blockedSince;
  assert.equal(code, 0, `nodelens investigate ended with ${code}`);
  const result = JSON.parse(output);
  assert.equal(result.status, 'completed');
  const culprit = result.insights
    .flatMap((insight) => insight.subjects)
    .find(({ name }) => /sumOfTheYear/.test(name));
  assert.ok(culprit, `no insight names sumOfTheYear: ${JSON.stringify(result.insights)}`);
  assert.match(culprit.file, /service\.mjs$/);
  assert.ok(tookMs < BLOCK_MS, `named only after ${tookMs} ms, when the block was over`);

  await blocked;
  await fetch(`${url}/bye`, { headers: { connection: 'close' } }).then((response) => response.text());
  const [exitCode, signal] = await ended;
  assert.deepEqual([exitCode, signal], [0, null], 'the service did not end by itself');
  assert.deepEqual(
    readdirSync(runtimeDir, { recursive: true }).filter((name) => name.endsWith('.sock')),
    [],
    'a socket file is left',
  );
  console.log(`named ${culprit.name} at ${culprit.file}:${culprit.line} after ${tookMs} ms`);
} finally {
  service.kill('SIGKILL');
  rmSync(runtimeDir, { recursive: true, force: true });
}
