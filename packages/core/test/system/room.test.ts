// Whether a run that main starts has the memory it needs, asked over real ports.
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { ManualClock } from '@nodelens/testing';
import { expect, onTestFinished, test } from 'vitest';
import type { MemoryDesk } from '../../src/actor/limits/memory-desk.ts';
import { RUN_MB } from '../../src/actor/limits/memory-need.ts';
import { startRecorder } from '../../src/recorder/recorder.ts';
import { connectRpc, serveRpc } from '../../src/rpc.ts';
import { assertRoomFromMain, createRoom } from '../../src/system/room.ts';
import { bareInit } from '../recorder/fixtures/bare-init.ts';

function deskWith(freeMb: number): MessagePort {
  const { port1, port2 } = new MessageChannel();
  const desk: MemoryDesk = { headroomMb: async () => freeMb };
  onTestFinished(serveRpc(port2, desk));
  return port1;
}

test('a run from main is refused with what is missing, and let in from its need on', async () => {
  await expect(assertRoomFromMain(deskWith(RUN_MB.fromMain - 1))).rejects.toMatchObject({
    code: 'memory_short',
    data: { neededMb: RUN_MB.fromMain, missingMb: 1 },
  });
  await assertRoomFromMain(deskWith(RUN_MB.fromMain));
});

test('with ample room, the next run within a second is let in unasked; else each one asks', async () => {
  const clock = new ManualClock();
  let freeMb = 8 * RUN_MB.fromMain;
  let asked = 0;
  const room = createRoom(() => {
    asked += 1;
    return deskWith(freeMb);
  }, clock);
  await room();
  clock.advance(999);
  await room();
  expect(asked).toBe(1);
  clock.advance(1);
  freeMb -= 1;
  await room();
  await room();
  expect(asked).toBe(3);
});

test('a recorder that is gone refuses nothing', async () => {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  await assertRoomFromMain(port1);
});

test('the recorder tells the headroom', async () => {
  const armed = { profile: false, allocations: false };
  const recorder = startRecorder({ skills: [], init: bareInit, armed });
  onTestFinished(() => recorder.stop());
  await recorder.ready;
  const { port1, port2 } = new MessageChannel();
  recorder.connect('memory', port2);
  const { remote, close } = connectRpc<MemoryDesk>(port1, { peer: 'the recorder', timeoutMs: 5_000 });
  onTestFinished(close);
  expect(await remote.headroomMb()).toBeGreaterThan(0);
});
