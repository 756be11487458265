import { lookup } from 'node:dns';
import { request } from 'node:http';
import type { JsonObject, JsonValue } from '@nodelens/core';
import { expect, test, vi } from 'vitest';
import { slowLookup } from '../../src/http/check-slow-lookup.ts';
import { lookupsOf } from '../../src/http/lookups.ts';
import { serversAmong } from '../../src/http/name-servers.ts';
import { watchLookups } from '../../src/http/probe-lookups.ts';

const took = (count: number, durationMs: number, code = ''): Parameters<typeof lookupsOf>[0] =>
  Array.from({ length: count }, () => ({ host: 'a.test', by: 'queryA', durationMs, code }));

test('lookups of now stand beside what was usual, those that failed apart', () => {
  const before = [took(9, 2), took(9, 900), took(9, 4), took(9, 3), took(1, 1)];
  expect(lookupsOf([...took(6, 800), ...took(2, 0, 'ETIMEOUT')], before)).toMatchObject({
    count: 8,
    medianMs: 800,
    usualMs: 3,
    failed: 2,
    codes: ['ETIMEOUT'],
    hosts: ['a.test'],
  });
  expect(lookupsOf([], [])).toMatchObject({ count: 0, medianMs: null, usualMs: null });
});

test.each([
  ['port 53', ['10.0.0.2:8125', '10.0.0.53:53'], ['10.0.0.53:53']],
  ['one peer alone', ['127.0.0.1:5353'], ['127.0.0.1:5353']],
  ['one of two', ['10.0.0.2:8125', '127.0.0.1:5353'], []],
])('the name server is known by %s', (_, remotes, servers) => {
  expect(serversAmong(remotes)).toEqual(servers);
});

const main = { windowSeconds: 20, delayP99Ms: 3, stalledMs: 0 };
const late = { count: 20, medianMs: 900, usualMs: 3, failed: 0, codes: [], servers: ['10.0.0.53:53'] };
test.each<[string, JsonObject, JsonValue, unknown]>([
  ['late', late, main, ['10.0.0.53:53']],
  ['late, of nobody known', { ...late, servers: [] }, main, ['name lookups']],
  ['as usual', { ...late, usualMs: 700 }, main, undefined],
  ['never known before', { ...late, usualMs: null }, main, undefined],
  ['few', { ...late, count: 4 }, main, undefined],
  ['main is late', late, { ...main, delayP99Ms: 600 }, undefined],
  ['failing', { ...late, medianMs: 3, failed: 9, codes: ['ETIMEOUT'] }, main, ['10.0.0.53:53']],
  ['no such name', { ...late, medianMs: 3, failed: 9, codes: ['ENOTFOUND'] }, main, undefined],
])('slow_lookup: %s', (_, lookups, own, subjects) => {
  const conclusion = slowLookup.conclude({ lookups, main: own }, {});
  expect(conclusion?.subjects.map(({ name }) => name)).toEqual(subjects);
});

test('the probe tells each lookup, and of requests that end for want of an address', async () => {
  const events: JsonObject[] = [];
  const end = watchLookups(
    { numbers: new Float64Array(0), emit: (event) => events.push(event), answer: () => {} },
    {},
  );
  lookup('localhost', () => {});
  request({
    host: 'nobody.test',
    lookup: (hostname, _, done) =>
      done(Object.assign(new Error('late'), { syscall: 'queryA', code: 'ETIMEOUT', hostname }), ''),
  }).on('error', () => {});
  await vi.waitUntil(() => events.length === 2);
  expect(events).toContainEqual(expect.objectContaining({ by: 'lookup', host: 'localhost' }));
  expect(events).toContainEqual({ by: 'queryA', host: 'nobody.test', code: 'ETIMEOUT' });
  end();
});
