import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { fail } from '../src/errors.ts';
import type { JsonValue } from '../src/json.ts';
import type { Callback, CallContext, Check, Skill, SkillSpec } from '../src/skill.ts';
import { createSkillHost } from '../src/skill-host.ts';

function skill(parts: Partial<Skill> = {}): Skill {
  return {
    id: 'shop',
    title: 'Shop',
    description: 'A shop',
    systemPrompt: 'You watch a shop.',
    snapshot: () => ({ orders: 3 }),
    callbacks: {},
    ...parts,
  };
}

const callback = (run: Callback['run'], more: Partial<Callback> = {}): Callback => ({
  description: 'x',
  run,
  ...more,
});

const call = (
  run: Callback['run'],
  args: readonly JsonValue[] = [],
  more: Partial<Callback> = {},
): Promise<JsonValue> =>
  createSkillHost([skill({ callbacks: { shop_x: callback(run, more) } })]).call('shop', 'shop_x', args, {});

const check = (parts: Partial<Check>): Check => ({
  id: 'shop.slow',
  when: () => ({}),
  investigate: 'return 1',
  conclude: () => undefined,
  ...parts,
});

describe('construction', () => {
  test.each<[string, readonly Skill[], string]>([
    ['two skills with one id', [skill(), skill()], 'skill_duplicate'],
    [
      'a callback of two skills',
      [
        skill({ id: 'a', callbacks: { a_b_c: callback(() => 1) } }),
        skill({ id: 'a-b', callbacks: { a_b_c: callback(() => 1) } }),
      ],
      'skill_callback_clash',
    ],
    [
      'a callback with the name of a base one',
      [skill({ id: 'get', callbacks: { get_current_time: callback(() => 1) } })],
      'skill_callback_clash',
    ],
    ['a malformed skill', [skill({ title: '' })], 'skill_invalid'],
  ])('refuses %s', (_, skills, code) => {
    expect(() => createSkillHost(skills)).toThrow(expect.objectContaining({ code }));
  });
});

describe('describe', () => {
  test('documents parameters in order with their JSON schema, and the base callbacks', async () => {
    const params = {
      name: v.string(),
      limit: v.optional(v.pipe(v.number(), v.integer(), v.maxValue(50)), 10),
    };
    const host = createSkillHost(
      [skill({ callbacks: { shop_x: callback(() => 1, { params, timeoutMs: 9_000 }) }, keywords: ['cart'] })],
      { host: 'recorder' },
    );
    const described = await host.describe('shop');
    expect(described).toMatchObject({ id: 'shop', host: 'recorder', keywords: ['cart'], checks: [] });
    expect(described.callbacks.map(({ name }) => name)).toEqual([
      'shop_x',
      'get_current_time',
      'get_node_info',
    ]);
    expect(described.callbacks[0]).toEqual({
      name: 'shop_x',
      description: 'x',
      timeoutMs: 9_000,
      params: [
        { name: 'name', schema: { type: 'string' }, optional: false },
        { name: 'limit', schema: { type: 'integer', maximum: 50, default: 10 }, optional: true },
      ],
    });
  });

  test('an unknown skill is refused with those that exist', async () => {
    await expect(createSkillHost([skill()]).describe('cart')).rejects.toMatchObject({
      code: 'skill_unknown',
      data: { available: 'shop' },
    });
  });
});

describe('load', () => {
  const spec: SkillSpec = {
    kind: 'skill-spec',
    id: 'shop',
    module: 'file:///shop.ts',
    exportName: 'shop',
    options: {},
  };

  test('makes the skill of a spec available, once', async () => {
    let loads = 0;
    const host = createSkillHost([], {
      loader: async () => {
        loads += 1;
        return skill();
      },
    });
    const [first, second] = await Promise.all([host.load(spec), host.load(spec)]);
    await host.load(spec);
    expect(first).toEqual(second);
    expect(loads).toBeLessThanOrEqual(2);
    expect(await host.snapshot('shop')).toEqual({ orders: 3 });
  });

  test.each<[string, ((spec: SkillSpec) => Promise<Skill>) | undefined, string]>([
    ['a host without a loader', undefined, 'loads no skills'],
    ['a module that throws', () => Promise.reject(new Error('no such file')), 'no such file'],
    ['a module that makes another skill', async () => skill({ id: 'cart' }), 'named "cart"'],
  ])('%s refuses with the reason', async (_, loader, reason) => {
    const host = createSkillHost([], loader && { loader });
    const refused = expect(host.load(spec)).rejects;
    await refused.toMatchObject({ code: 'skill_invalid', message: expect.stringContaining(reason) });
  });
});

describe('a new version of a skill', () => {
  const spec: SkillSpec = {
    kind: 'skill-spec',
    id: 'shop',
    module: 'file:///shop.ts',
    exportName: 'shop',
    options: {},
  };

  test('is loaded anew and answers from then on; calls under way end on the old one, which is closed then', async () => {
    const held = Promise.withResolvers<JsonValue>();
    const told: string[] = [];
    const modules: string[] = [];
    const old = skill({
      callbacks: { shop_x: callback(() => held.promise) },
      close: () => void told.push('closed'),
    });
    const host = createSkillHost([old], {
      loader: async ({ module }) => {
        modules.push(module);
        return skill({ snapshot: () => ({ orders: 8 }), callbacks: { shop_y: callback(() => 'new') } });
      },
      onClosed: (gone) => told.push(gone === old ? 'old let go' : 'new let go'),
    });
    const underWay = host.call('shop', 'shop_x', [], {});
    const { callbacks } = await host.replace(spec);
    expect(callbacks[0]?.name).toBe('shop_y');
    expect(modules[0]).toMatch(/^file:\/\/\/shop\.ts\?version=/);
    expect(await host.snapshot('shop')).toEqual({ orders: 8 });
    expect(await host.call('shop', 'shop_y', [], {})).toBe('new');
    expect(told).toEqual([]);
    held.resolve('late');
    expect(await underWay).toBe('late');
    expect(told).toEqual(['old let go', 'closed']);
  });

  test.each<[string, SkillSpec, () => Promise<Skill>, string, number]>([
    ['that fails', spec, () => Promise.reject(new Error('no such file')), 'skill_invalid', 0],
    ['that is malformed', spec, async () => skill({ title: '' }), 'skill_invalid', 1],
    [
      'with a callback of another skill',
      spec,
      async () => skill({ callbacks: { shop_x: callback(() => 1), shop_side_x: callback(() => 1) } }),
      'skill_callback_clash',
      1,
    ],
    [
      'of a skill that is not there',
      { ...spec, id: 'cart' },
      async () => skill({ id: 'cart' }),
      'skill_unknown',
      0,
    ],
  ])('%s is refused, and the old one goes on', async (_, given, loader, code, made) => {
    const closed: Skill[] = [];
    const side = skill({ id: 'shop-side', callbacks: { shop_side_x: callback(() => 1) } });
    const host = createSkillHost([skill(), side], { loader, onClosed: (gone) => closed.push(gone) });
    await expect(host.replace(given)).rejects.toMatchObject({ code });
    expect(await host.snapshot('shop')).toEqual({ orders: 3 });
    // What it had begun to listen to ends, if it came to that.
    expect(closed.map(({ title }) => title)).toHaveLength(made);
  });

  test('whose end fails harms nobody', async () => {
    const host = createSkillHost([skill({ close: () => Promise.reject(new Error('at the end')) })]);
    host.swap(skill({ snapshot: () => ({ orders: 4 }) }));
    expect(await host.snapshot('shop')).toEqual({ orders: 4 });
  });
});

describe('what a skill returns', () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);

  test.each<[string, unknown, string]>([
    ['a cycle', cycle, 'refers back'],
    ['a BigInt', { n: 1n }, 'the result.n is a bigint'],
    ['a function', [() => 1], 'the result[0] is a function'],
    ['NaN', { a: [{ b: Number.NaN }] }, 'the result.a[0].b is NaN'],
    ['a Map', { m: new Map() }, 'is a Map'],
    ['a class instance', new (class Order {})(), 'is a Order'],
    ['a symbol', Symbol('x'), 'is a symbol'],
    ['a tower', deep(100), 'levels deep'],
    [
      'a getter that throws',
      {
        get x(): number {
          throw new Error('boom');
        },
      },
      'could not be read',
    ],
  ])('%s is refused with its place', async (_, value, reason) => {
    const refused = expect(call(() => value)).rejects;
    await refused.toMatchObject({ code: 'skill_result_not_json', message: expect.stringContaining(reason) });
  });

  test.each<[string, unknown, JsonValue]>([
    ['undefined', undefined, null],
    ['a date', { at: new Date(0) }, { at: '1970-01-01T00:00:00.000Z' }],
    ['undefined fields', { a: 1, b: undefined }, { a: 1 }],
    ['an object without prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ['a promise', Promise.resolve([1]), [1]],
    ['the same part twice', ((part) => [part, part])({ a: 1 }), [{ a: 1 }, { a: 1 }]],
    [
      'a secret',
      { password: 'x', url: 'http://a:b1@c' },
      { password: '[redacted]', url: 'http://[redacted]@c' },
    ],
  ])('%s comes out as JSON', async (_, value, json) => {
    expect(await call(() => value)).toEqual(json);
  });

  test.each<[string, unknown, string]>([
    ['a long list', Array.from({ length: 50_000 }, (_, id) => ({ id, name: 'cart' })), 'more items)'],
    ['a long text', 'x'.repeat(200_000), 'more characters)'],
    [
      'a wide object',
      Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, i])),
      'more fields',
    ],
    ['multi-byte text', ['é'.repeat(60_000)], 'more characters)'],
    [
      'wide and deep at once',
      Array.from({ length: 40 }, () =>
        Array.from({ length: 40 }, () => Array.from({ length: 40 }, () => [[[['word'.repeat(20)]]]])),
      ),
      'cut: ',
    ],
  ])('%s is cut to 64 KB and says so', async (_, value, note) => {
    const text = JSON.stringify(await call(() => value));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(64 * 1024);
    expect(text).toContain(note);
  });

  test('what is cut keeps its shape, so that a script can read it', async () => {
    const cut = await call(() => ({
      rows: Array.from({ length: 9_000 }, (_, id) => ({ id, name: 'cart' })),
    }));
    expect(cut).toMatchObject({ rows: expect.arrayContaining([{ id: 0, name: 'cart' }]) });
  });
});

describe('call', () => {
  const params = { name: v.string(), limit: v.optional(v.pipe(v.number(), v.maxValue(50)), 10) };

  test('gives the validated arguments by position, then the grant', async () => {
    const seen: unknown[] = [];
    const run = (...args: unknown[]): void => void seen.push(...args);
    const host = createSkillHost([skill({ callbacks: { shop_x: callback(run, { params }) } })]);
    await host.call('shop', 'shop_x', ['a', null], { maxPauseMs: 40, timeoutMs: 1_000 });
    expect(seen).toEqual(['a', 10, { maxPauseMs: 40, timeoutMs: 1_000, signal: expect.any(AbortSignal) }]);
  });

  test.each<[string, readonly JsonValue[], string]>([
    ['a missing argument', [], 'name:'],
    ['a wrong type', [3], 'Expected string but received 3'],
    ['a value out of range', ['a', 99], 'limit:'],
    ['too many', ['a', 1, 2], 'at most 2 arguments, got 3'],
  ])('%s is refused with the signature', async (_, args, reason) => {
    const refused = expect(call(() => 1, args, { params })).rejects;
    await refused.toMatchObject({
      code: 'skill_arguments_invalid',
      message: expect.stringMatching(new RegExp(`shop_x\\(name, limit\\).*${reason}`)),
    });
  });

  test.each(['shop_y', 'constructor', '__proto__'])('an unknown callback %s is refused', async (name) => {
    await expect(createSkillHost([skill()]).call('shop', name, [], {})).rejects.toMatchObject({
      code: 'skill_callback_unknown',
    });
  });

  test('a throw becomes a typed error without secrets', async () => {
    const boom = (): never => {
      throw new Error('connect redis://u:hunter2@cache failed');
    };
    await expect(call(boom)).rejects.toMatchObject({
      code: 'skill_callback_failed',
      message: 'shop_x failed: connect redis://[redacted]@cache failed',
    });
  });

  test('a typed error of the callback itself passes unchanged', async () => {
    const refuse = (): never => {
      throw fail('pause_refused', { what: 'It', estimatedMs: 900, grantedMs: 250 });
    };
    await expect(call(refuse)).rejects.toMatchObject({ code: 'pause_refused', data: { estimatedMs: 900 } });
  });

  test.each<[string, Partial<Callback>, number | undefined]>([
    ["the callback's own deadline", { timeoutMs: 30 }, undefined],
    ["the caller's deadline", { timeoutMs: 60_000 }, 30],
  ])('ends at %s and aborts the work', async (_, more, timeoutMs) => {
    const aborted = Promise.withResolvers<void>();
    const run = ({ signal }: CallContext): Promise<never> => {
      signal.addEventListener('abort', () => aborted.resolve());
      return new Promise(() => {});
    };
    const host = createSkillHost([skill({ callbacks: { shop_x: callback(run, more) } })]);
    const grant = timeoutMs === undefined ? {} : { timeoutMs };
    await expect(host.call('shop', 'shop_x', [], grant)).rejects.toMatchObject({
      code: 'skill_callback_timeout',
      data: { timeoutMs: 30 },
      retryable: true,
    });
    await aborted.promise;
  });

  test('the base callbacks answer for every skill', async () => {
    const host = createSkillHost([skill()], { limitations: () => ['the profile is not armed'] });
    expect(await host.call('shop', 'get_node_info', [], {})).toMatchObject({
      node: process.version,
      pid: process.pid,
      limitations: ['the profile is not armed'],
    });
    const time = await host.call('shop', 'get_current_time', [], {});
    const { timestamp, unixMs } = time as { timestamp: string; unixMs: number };
    expect(new Date(timestamp).getTime()).toBe(unixMs);
  });
});

describe('snapshot', () => {
  test.each<[string, () => unknown, string]>([
    [
      'that throws',
      () => {
        throw new Error('no connection');
      },
      'skill_snapshot_failed',
    ],
    ['that rejects', () => Promise.reject(new Error('no connection')), 'skill_snapshot_failed'],
    ['that is a list', () => [1], 'skill_result_not_json'],
    ['that is nothing', () => undefined, 'skill_result_not_json'],
    ['that holds a BigInt', () => ({ n: 1n }), 'skill_result_not_json'],
  ])('one %s is refused', async (_, snapshot, code) => {
    const host = createSkillHost([skill({ snapshot: snapshot as Skill['snapshot'] })]);
    await expect(host.snapshot('shop')).rejects.toMatchObject({ code, name: 'NodelensError' });
  });
});

describe('checks', () => {
  test('those that find something come with their script; one that throws is told, and ends nothing', async () => {
    const boom = (): never => {
      throw new Error('cannot read orders');
    };
    const host = createSkillHost([
      skill({
        checks: [
          check({ id: 'shop.broken', when: boom }),
          check({ id: 'shop.quiet', when: () => undefined }),
          check({ id: 'shop.odd', when: () => ({ n: Number.NaN }) }),
          check({ when: ({ orders }, history) => ({ orders: orders ?? null, seen: history.length }) }),
        ],
      }),
    ]);
    expect(await host.check('shop', { orders: 3 }, [{}, {}])).toEqual([
      { checkId: 'shop.slow', finding: { orders: 3, seen: 2 }, investigate: 'return 1' },
    ]);
    const { limitations } = (await host.call('shop', 'get_node_info', [], {})) as { limitations: string[] };
    expect(limitations).toHaveLength(2);
    expect(limitations[0]).toContain('"shop.broken" failed and was skipped: cannot read orders');
  });

  test('a conclusion is passed on redacted; cleared evidence is null', async () => {
    const conclude: Check['conclude'] = (evidence) =>
      evidence === null
        ? undefined
        : {
            severity: 'warning',
            context: 'c',
            observation: 'o redis://a:b1@c',
            subjects: [],
            againAfterMs: 5,
          };
    const host = createSkillHost([skill({ checks: [check({ conclude })] })]);
    expect(await host.conclude('shop', 'shop.slow', null, {})).toBeNull();
    expect(await host.conclude('shop', 'shop.slow', 1, {})).toEqual({
      severity: 'warning',
      context: 'c',
      observation: 'o redis://[redacted]@c',
      subjects: [],
      againAfterMs: 5,
    });
  });

  test.each<[string, string, unknown]>([
    ['an unknown check', 'shop.other', undefined],
    ['a malformed conclusion', 'shop.slow', { severity: 'bad' }],
    ['a conclusion that is no JSON', 'shop.slow', { severity: 'info', context: 1n }],
  ])('%s is a typed error', async (_, id, conclusion) => {
    const host = createSkillHost([skill({ checks: [check({ conclude: () => conclusion as never })] })]);
    await expect(host.conclude('shop', id, 1, {})).rejects.toMatchObject({ name: 'NodelensError' });
  });
});
