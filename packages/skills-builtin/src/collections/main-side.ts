// The code that runs on main during a survey, as text: it reads sizes, remembers what was seen, and finds the
// places where the search starts. It runs no accessor and no code of the app, and changes nothing.
import { fileURLToPath } from 'node:url';

/** A plain object with more properties than this is a collection. */
const DICTIONARY = 1_000;

/**
 * Makes the helper: `admit(...things)` gives -2 for what was seen before, -1 for what is no collection, else its
 * size; `sizes(grantMs, ...collections)` counts anew what took less than that to count before; `estimate(collection)`
 * is in bytes, from a few of its entries; `closures(collection)` gives one function of each of these entries, and
 * `opaque(collection)` tells what in them no estimate can see into, and
 * `weighScopes(counts, ...scopes)` is what the variables of each of them keep, without what one before keeps as well.
 */
export const HELPER: string = `(() => {
  const { isMap, isSet, isTypedArray, isAnyArrayBuffer, isProxy, isPromise, isGeneratorObject } = process.getBuiltinModule('node:util').types;
  const getter = (of, name) => Object.getOwnPropertyDescriptor(of, name).get;
  const mapSize = getter(Map.prototype, 'size'), setSize = getter(Set.prototype, 'size');
  const mapEntries = Map.prototype.entries, setEntries = Set.prototype.entries;
  const bufferOf = getter(Object.getPrototypeOf(Uint8Array.prototype), 'buffer');
  const { getEventListeners } = process.getBuiltinModule('node:events');
  const isSignal = (x) => Object.getPrototypeOf(x) === AbortSignal.prototype;
  const { poolSize } = process.getBuiltinModule('node:buffer').Buffer;
  const seen = new WeakSet();
  const size = (x) => {
    if (isProxy(x)) return -2;
    if (isMap(x)) return mapSize.call(x);
    if (isSet(x)) return setSize.call(x);
    if (Array.isArray(x) || isTypedArray(x)) return x.length;
    if (isAnyArrayBuffer(x)) return x.byteLength;
    if (typeof x === 'function') return -1;
    if (isSignal(x)) return getEventListeners(x, 'abort').length;
    try { return measure(x); } catch { return -1; }
  };
  const dictionaries = new WeakMap();
  // V8 has no count of properties: all keys are listed, 10 ms for 100,000.
  const measure = (x) => {
    const startedAt = performance.now();
    const keys = Object.keys(x);
    if (keys.length <= ${DICTIONARY}) return -1;
    const known = dictionaries.get(x) ?? { ms: performance.now() - startedAt, sample: keys.slice(0, 12) };
    known.count = keys.length;
    dictionaries.set(x, known);
    return known.count;
  };
  // A view of a few bytes keeps all of its buffer, unless that is the pool which many share.
  const bytesKept = (x, known) => {
    const whole = isTypedArray(x) ? bufferOf.call(x) : x;
    if (whole.byteLength <= poolSize) return x.byteLength;
    if (whole !== x && known.has(whole)) return 0;
    known.add(whole);
    return whole.byteLength;
  };
  const partsOf = function* (x) {
    if (isMap(x)) yield* mapEntries.call(x);
    else if (isSet(x)) for (const [value] of setEntries.call(x)) yield [value];
    else for (let i = 0; i < x.length; i++) yield [elementOf(x, i)];
  };
  const elementOf = (x, i) => {
    const own = Object.getOwnPropertyDescriptor(x, i);
    return own && 'value' in own ? own.value : undefined;
  };
  // The entries of one are alike: those that there are nodes for tell what all of them weigh.
  const weighAlike = (x, known, left) => {
    let bytes = 0, weighed = 0;
    for (const parts of partsOf(x)) {
      if (weighed >= 50 || (weighed > 0 && left.nodes <= 0)) break;
      weighed++;
      for (const part of parts) bytes += weigh(part, known, left);
    }
    return size(x) * ((isMap(x) ? 32 : isSet(x) ? 24 : 8) + bytes / Math.max(1, weighed));
  };
  // Without the slot that holds it, which is all that a number takes.
  const weigh = (x, known, left) => {
    if (typeof x === 'string') return 16 + x.length;
    if (typeof x === 'bigint') return 24;
    if (typeof x !== 'object' || x === null) return 0;
    if (known.has(x) || left.nodes <= 0 || isProxy(x)) return 0;
    known.add(x); left.nodes--;
    if (isTypedArray(x) || isAnyArrayBuffer(x)) return 100 + bytesKept(x, known);
    if (isMap(x) || isSet(x) || Array.isArray(x)) return 24 + weighAlike(x, known, left);
    let bytes = 24;
    for (const key of Object.keys(x).slice(0, 50)) {
      const own = Object.getOwnPropertyDescriptor(x, key);
      bytes += 8 + (own && 'value' in own ? weigh(own.value, known, left) : 0);
    }
    return bytes;
  };
  const isWritten = (x) => typeof x === 'function' && !Function.prototype.toString.call(x).endsWith('[native code] }');
  const closureIn = (x, depth) => {
    if (isWritten(x)) return x;
    if ((typeof x !== 'object' && typeof x !== 'function') || x === null || depth === 0 || isProxy(x) || isTypedArray(x)) return undefined;
    // A listener of \`once\` is wrapped, and the wrapper tells it.
    for (const key of typeof x === 'function' ? ['listener'] : Object.keys(x).slice(0, 20)) {
      const own = Object.getOwnPropertyDescriptor(x, key);
      const found = own && 'value' in own ? closureIn(own.value, depth - 1) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const opaqueIn = (x, depth) => {
    if (typeof x !== 'object' || x === null || isProxy(x)) return '';
    if (isPromise(x)) return 'promises';
    if (isGeneratorObject(x)) return 'generators';
    if (Object.hasOwn(x, '_readableState') || Object.hasOwn(x, '_writableState')) return 'streams';
    if (depth === 0 || isTypedArray(x)) return '';
    for (const key of Object.keys(x).slice(0, 20)) {
      const own = Object.getOwnPropertyDescriptor(x, key);
      const found = own && 'value' in own ? opaqueIn(own.value, depth - 1) : '';
      if (found !== '') return found;
    }
    return '';
  };
  const sample = (holder) => {
    const entries = [], x = isSignal(holder) ? getEventListeners(holder, 'abort') : holder;
    if (isMap(x) || isSet(x)) { for (const parts of partsOf(x)) if (entries.push(parts) >= 12) break; }
    else if (!Array.isArray(x)) for (const key of dictionaries.get(x)?.sample ?? []) entries.push([key, Object.getOwnPropertyDescriptor(x, key)?.value]);
    else for (let i = 0, step = Math.max(1, Math.floor(x.length / 12)); i < x.length && entries.length < 12; i += step) entries.push([elementOf(x, i)]);
    return entries;
  };
  return {
    admit: (...things) => things.map((x) => { if (typeof x === 'symbol' || seen.has(x)) return -2; seen.add(x); return size(x); }),
    sizes: (grantMs, ...collections) => collections.map((x) => {
      const known = dictionaries.get(x);
      return known !== undefined && known.ms > grantMs ? known.count : size(x);
    }),
    estimate: (x) => {
      if (isTypedArray(x) || isAnyArrayBuffer(x)) return x.byteLength;
      const entries = sample(x), known = new WeakSet([x]);
      const weights = entries.map((parts) => {
        const left = { nodes: 200 };
        return parts.reduce((bytes, part) => bytes + 16 + weigh(part, known, left), 0);
      });
      // The first counts what all of them share.
      const own = weights.length > 1 ? weights.slice(1) : weights;
      return own.length === 0 ? 0 : Math.round(own.reduce((sum, one) => sum + one) / own.length * (dictionaries.get(x)?.count ?? size(x)));
    },
    closures: (x) => isTypedArray(x) || isAnyArrayBuffer(x) ? [] : sample(x).map((parts) => closureIn(parts, 4)).filter((fn) => fn !== undefined),
    opaque: (x) => isTypedArray(x) || isAnyArrayBuffer(x) ? '' : sample(x).map((parts) => opaqueIn(parts, 3)).find((kind) => kind !== '') ?? '',
    weighScopes: (counts, ...scopes) => {
      const known = new WeakSet();
      let at = 0;
      return counts.map((count) => {
        const left = { nodes: 200 };
        let bytes = 64;
        for (const scope of scopes.slice(at, at += count)) bytes += weigh(scope, known, left);
        return bytes;
      });
    },
  };
})()`;

/**
 * An object of arrays of objects: values that the app can reach without its own variables. Of the modules only
 * those that are loaded already are taken: a load hook refuses every other, so nothing is ever run.
 */
export function rootsExpression(files: readonly string[]): string {
  return `(() => {
  const { createRequire, registerHooks, _cache } = process.getBuiltinModule('node:module');
  const roots = { globalThis: {}, listeners: [], exports: {} };
  const isObject = (x) => (typeof x === 'object' && x !== null) || typeof x === 'function';
  const take = (from, into, names) => { for (const name of names) try {
    const own = Object.getOwnPropertyDescriptor(from, name);
    if (own && 'value' in own && isObject(own.value) && own.value !== globalThis) into[name] = own.value;
  } catch {} };
  take(globalThis, roots.globalThis, Object.keys(globalThis));
  const emitters = [process];
  try { emitters.push(...process._getActiveHandles()); } catch {}
  for (const emitter of emitters.slice(0, 200)) try {
    if (typeof emitter.eventNames === 'function' && typeof emitter.listeners === 'function')
      for (const event of emitter.eventNames()) roots.listeners.push(...emitter.listeners(event));
  } catch {}
  roots.listeners = [...new Set(roots.listeners)].slice(0, 300);
  const add = (file, exported) => {
    if (!isObject(exported)) return;
    const found = roots.exports[file] = typeof exported === 'function' ? { default: exported } : {};
    take(exported, found, Object.getOwnPropertyNames(exported).slice(0, 200));
  };
  for (const file of Object.keys(_cache ?? {}).filter((name) => !name.includes('node_modules')).slice(0, 200))
    try { add(file, _cache[file].exports); } catch {}
  const known = new Set(Object.keys(_cache ?? {}));
  const hooks = registerHooks({ load() { throw new Error('not loaded'); } });
  try { for (const file of ${JSON.stringify(files)}.concat(process.argv[1] ?? [])) try { add(file, createRequire(file)(file)); } catch {} }
  finally {
    hooks.deregister();
    for (const key of Object.keys(_cache ?? {})) if (!known.has(key)) delete _cache[key];
  }
  return roots;
})()`;
}

/** A path that \`require\` takes, of the file of a frame; undefined for what is no file. */
export function pathOf(file: string): string | undefined {
  if (file.startsWith('file://')) return fileURLToPath(file);
  return file.startsWith('/') || /^[A-Za-z]:[\\/]/.test(file) ? file : undefined;
}

/**
 * Finds in the texts of functions where a collection named \`name\` is filled, emptied, or held to a size (with
 * \`event\`: where the emitter \`name\` gets and loses listeners; with \`isRaced\`: where others race a promise): for each function a list of
 * [kind, newlines before the match, characters since the last of them, offset of the first parenthesis].
 */
export const FIND_USES: string = `function ({ name, event, isRaced }, ...functions) {
  const escape = (text) => text.replace(/[.*+?^\${}()|[\\]\\\\]/g, '\\\\$&');
  const escaped = escape(name);
  const start = '(?<![\\\\w$#])' + escaped + '\\\\s*(?:\\\\?\\\\.|!)?\\\\s*';
  const listening = (methods) => start + '\\\\.\\\\s*(?:' + methods + ')\\\\s*\\\\(\\\\s*[\\'"\\x60]' + escape(event) + '[\\'"\\x60]';
  const fills = new RegExp(isRaced ? 'Promise\\\\s*\\\\.\\\\s*(?:race|any)\\\\s*\\\\(\\\\s*\\\\[[^\\\\]]*(?<![\\\\w$#])' + escaped + '(?![\\\\w$])' : event !== undefined ? listening('on|once|addListener|prependListener|prependOnceListener|addEventListener')
    : start + '(?:\\\\.?\\\\s*(?:set|add|push|unshift)\\\\s*\\\\(|\\\\[[^\\\\]\\\\n]{1,80}\\\\]\\\\s*=(?!=))', 'g');
  const empties = new RegExp(event !== undefined ? listening('off|removeListener|removeAllListeners|removeEventListener')
    : start + '(?:\\\\.?\\\\s*(?:delete|clear|shift|pop|splice)\\\\s*\\\\(|\\\\.length\\\\s*=(?!=))|\\\\bdelete\\\\s+(?:[\\\\w$]+\\\\.){0,3}' + escaped + '\\\\s*[.\\\\[]', 'g');
  const bounds = new RegExp(start + '\\\\.?\\\\s*(?:size|length)\\\\s*(?:[<>]=|[<>](?!=))(?!\\\\s*[01]\\\\b)', 'g');
  return functions.map((fn) => {
    const text = Function.prototype.toString.call(fn);
    // A bundle's wrapper; the functions inside are searched by themselves.
    if (text.length > 200000) return [];
    const paren = text.indexOf('(');
    const uses = [];
    for (const [kind, pattern] of [['fill', fills], ['empty', empties], ['bound', bounds]])
      for (const match of text.matchAll(pattern)) {
        const before = text.slice(0, match.index);
        uses.push([kind, before.split('\\n').length - 1, match.index - before.lastIndexOf('\\n') - 1, match.index - paren, text.length]);
        if (uses.length >= 8) break;
      }
    return uses;
  });
}`;
