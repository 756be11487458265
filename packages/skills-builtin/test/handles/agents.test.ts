import { once } from 'node:events';
import { Agent, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject, JsonValue } from '@nodelens/core';
import { expect, onTestFinished, test } from 'vitest';
import { agentUses } from '../../src/handles/agent-uses.ts';
import { agentHeld } from '../../src/handles/check-agents.ts';
import { watchAgentUses } from '../../src/handles/probe-agent-uses.ts';

const follow = { name: 'follow', file: '/srv/feed.js', line: 4 };
const lookUp = { name: 'lookUp', file: '/srv/stock.js', line: 9 };
const PEER = '10.0.0.7:80';

interface Looked {
  readonly held: readonly JsonObject[];
  readonly waiting?: readonly JsonObject[];
  readonly sockets?: number;
}

const polls = [1, 2, 3].map((id) => ({ id, kind: 'GET /changes', frame: id === 1 ? null : follow }));
const lookUps = (first: number): readonly JsonObject[] =>
  [0, 1, 2, 3, 4, 5].map((index) => ({ id: first + index, kind: 'GET /stock', frame: lookUp }));
const look = ({ held, waiting = lookUps(100), sockets = 3 }: Looked): JsonValue => [
  { peer: PEER, maxSockets: 3, sockets, queued: waiting.length, held: [...held], waiting: [...waiting] },
];
const twelve = (of: (index: number) => Looked): readonly JsonObject[] =>
  agentUses(
    Array.from({ length: 12 }, (_, index) => look(of(index))),
    250,
  );

test.each<[string, (index: number) => Looked, string | undefined]>([
  ['long polls hold all', () => ({ held: polls }), 'follow'],
  [
    'long polls hold most',
    (index) => ({ held: [...polls.slice(1), ...lookUps(10 * index).slice(0, 1)] }),
    'follow',
  ],
  ['all take alike', () => ({ held: lookUps(1).slice(0, 3) }), undefined],
  [
    'those that hold come and go',
    (index) => ({ held: polls.map((one) => ({ ...one, id: 10 * index + one.id })) }),
    undefined,
  ],
  [
    'more of their own kind wait',
    () => ({ held: polls, waiting: [...lookUps(100), ...polls, ...polls, ...polls] }),
    undefined,
  ],
  ['nobody waits', () => ({ held: polls, waiting: [] }), undefined],
  ['it may have more connections', () => ({ held: polls, sockets: 2 }), undefined],
])('connections of an agent: %s', (_, of, name) => {
  const conclusion = agentHeld.conclude(twelve(of) as JsonValue, {});
  expect(conclusion?.subjects[0]?.name).toBe(name);
});

test('evidence of another shape concludes nothing', () => {
  for (const evidence of [null, [], {}, 'text', [{}]])
    expect(agentHeld.conclude(evidence, {})).toBeUndefined();
});

test('who holds and who waits is told with who asked', async () => {
  const uses = watchAgentUses();
  onTestFinished(uses.stop);
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ask = (path: string): void => {
    get({ host: '127.0.0.1', port, path, agent }).on('error', () => {});
  };
  ask('/changes/1');
  expect(uses.tell()).toEqual([]);
  ask('/stock/1?key=secret');
  (function lookUpOne() {
    get({ host: '127.0.0.1', port, path: '/stock/2', agent }).on('error', () => {});
  })();
  await once(server, 'request');
  expect(uses.tell()).toEqual([
    expect.objectContaining({
      peer: `127.0.0.1:${port}`,
      maxSockets: 1,
      queued: 2,
      held: [expect.objectContaining({ kind: 'GET /changes' })],
      waiting: [
        expect.objectContaining({ kind: 'GET /stock' }),
        expect.objectContaining({
          kind: 'GET /stock',
          frame: expect.objectContaining({ name: 'lookUpOne' }),
        }),
      ],
    }),
  ]);
});
