// A sandbox over a port behaves as the sandbox itself, and a closed port on either side aborts the runs.
import { MessageChannel } from 'node:worker_threads';
import { createSandbox, type HostFunction, type SandboxRun } from '@nodelens/sandbox';
import { expect, onTestFinished, test } from 'vitest';
import { connectSandbox, type SandboxClient, serveSandbox } from '../src/sandbox-port.ts';

function openSandbox(): { client: SandboxClient; stopServing: () => void } {
  const sandbox = createSandbox();
  const { port1, port2 } = new MessageChannel();
  const stopServing = serveSandbox(port1, sandbox);
  const client = connectSandbox(port2);
  onTestFinished(async () => {
    client.close();
    await sandbox.close();
  });
  return { client, stopServing };
}

/** A host function that has been called and does not return. */
function hanging(): { run: SandboxRun; called: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stall: HostFunction = () => {
    resolve();
    return new Promise(() => {});
  };
  return { run: { code: 'return await stall()', functions: { stall } }, called: promise };
}

test('the result, the console and the count of host calls come back', async () => {
  const add: HostFunction = (a, b) => Number(a) + Number(b);
  const { client } = openSandbox();
  const outcome = await client.run({ code: 'console.log("hi"); return await add(1, 2)', functions: { add } });
  expect(outcome).toMatchObject({ ok: true, value: 3, console: ['log: hi'], hostCalls: 1 });
});

test('a host function that throws is a catchable error in the code; one without result gives null', async () => {
  const bad: HostFunction = () => {
    throw new Error('not today');
  };
  const { client } = openSandbox();
  const code = 'try { await bad() } catch (e) { return [e.message, await nothing()] }';
  const outcome = await client.run({ code, functions: { bad, nothing: () => undefined } });
  expect(outcome).toMatchObject({ ok: true, value: ['not today', null] });
});

test('limits are passed on', async () => {
  const { client } = openSandbox();
  const outcome = await client.run({ code: 'for (;;);', limits: { cpuMs: 50 } });
  expect(outcome).toMatchObject({ ok: false, error: { code: 'cpu_limit' } });
});

test('an abort cancels the run, also when it came before', async () => {
  const { client } = openSandbox();
  const controller = new AbortController();
  const { run, called } = hanging();
  const outcome = client.run({ ...run, signal: controller.signal });
  await called;
  controller.abort();
  expect(await outcome).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(await client.run({ ...run, signal: controller.signal })).toMatchObject({
    error: { code: 'cancelled' },
  });
});

test.each(['the server', 'the client'])('when %s closes the port, the run ends as closed', async (who) => {
  const { client, stopServing } = openSandbox();
  const { run, called } = hanging();
  const outcome = client.run(run);
  await called;
  if (who === 'the server') stopServing();
  else client.close();
  expect(await outcome).toMatchObject({ ok: false, error: { code: 'sandbox_closed' } });
  expect(await client.run({ code: 'return 1' })).toMatchObject({ error: { code: 'sandbox_closed' } });
});

test('a client that goes away has its run aborted in the sandbox', async () => {
  const sandbox = createSandbox();
  onTestFinished(() => sandbox.close());
  const aborted = Promise.withResolvers<unknown>();
  const { port1, port2 } = new MessageChannel();
  serveSandbox(port1, {
    ...sandbox,
    pid: undefined,
    close: () => sandbox.close(),
    async run(given) {
      const outcome = await sandbox.run(given);
      aborted.resolve(outcome);
      return outcome;
    },
  });
  const client = connectSandbox(port2);
  const { run, called } = hanging();
  void client.run(run);
  await called;
  client.close();
  expect(await aborted.promise).toMatchObject({ error: { code: 'cancelled' } });
});
