// Finds the collections of the app by walking from what can be reached (exports of loaded modules, listeners, globals)
// through the scopes of functions and the fields of objects: thousands of tiny steps instead of one long pause.
// It finds what the app's code can reach by name; bounded in steps and time, the app's own files first.
import type { CodeLocation } from '@nodelens/core';
import type { Handle, Properties, Property, Remote, ScriptPosition } from './remote.ts';

/** A collection and the variable or field that holds it. */
export interface Found {
  readonly handle: Handle;
  readonly kind: string;
  readonly entries: number;
  /** As code would write it: `sessionCache`, `store.entries`, `globalThis.cache`. */
  readonly name: string;
  /** `Module`, `Closure`, `Global`, … : where the variable lives. */
  readonly scope: string;
  /** The file of that scope. */
  readonly file: string;
}

export interface FoundFunction {
  readonly handle: Handle;
  readonly name: string;
  readonly position: ScriptPosition;
  readonly file: string;
  readonly rank: 'app' | 'dependency';
}

/** A promise and the variable or field of the app that holds it. */
export type HeldPromise = Pick<Found, 'handle' | 'name' | 'file'>;

export interface WalkResult {
  readonly found: readonly Found[];
  readonly promises: readonly HeldPromise[];
  /** Functions of the app and of its dependencies that were met. */
  readonly functions: readonly FoundFunction[];
  readonly steps: number;
  /** The limits ended it before everything reachable was seen. */
  readonly isComplete: boolean;
}

export interface WalkOptions {
  readonly remote: Remote;
  /** The helper of main-side.ts. */
  readonly helper: Handle;
  /** The roots of main-side.ts. */
  readonly roots: Handle;
  locate(position: ScriptPosition): Promise<CodeLocation | undefined>;
  /** Whether functions of that file may be entered, and whether they come first. */
  rank(file: string): 'app' | 'dependency' | 'foreign';
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  now(): number;
}

interface Node {
  readonly handle: Handle;
  readonly name: string;
  readonly scope: string;
  readonly file: string;
  readonly depth: number;
  readonly rank: 'app' | 'dependency';
}

const MAX_STEPS = 4_000;
const MAX_DEPTH = 9;
const MAX_FUNCTIONS = 1_500;
const MAX_PROMISES = 40;
/** Lists and maps up to this size may hold handlers or services and are looked into. */
const SMALL = 64;
const SKIPPED_SUBTYPES = new Set(
  'regexp date weakmap weakset iterator generator error proxy promise typedarray arraybuffer sharedarraybuffer dataview webassemblymemory wasmvalue'.split(
    ' ',
  ),
);
/** Node's own; what the app hangs onto them is found by its own variables. */
const SKIPPED_CLASSES =
  /^(?:Socket|TLSSocket|Server|IncomingMessage|ServerResponse|ClientRequest|Agent|ReadStream|WriteStream|Worker|MessagePort|process|Console|console|Buffer|Timeout|Immediate|URL|Module|Performance|Navigator|Crypto|Session|WeakRef|FinalizationRegistry|AsyncLocalStorage|Histogram|RecordableHistogram)$/;

export async function walk(options: WalkOptions): Promise<WalkResult> {
  const queues: { app: Node[]; dependency: Node[] } = { app: [], dependency: [] };
  const state: WalkState = { ...options, queues, found: [], promises: [], functions: [], modules: new Set() };
  await enterRoots(state);
  let steps = 0;
  while (steps < MAX_STEPS && options.now() < options.deadlineMs && !options.signal.aborted) {
    const node = queues.app.shift() ?? queues.dependency.shift();
    if (node === undefined) break;
    steps += 1;
    await visit(state, node);
  }
  const isComplete = queues.app.length + queues.dependency.length === 0;
  const { found, promises, functions } = state;
  return { found, promises, functions, steps, isComplete };
}

interface WalkState extends WalkOptions {
  readonly queues: { app: Node[]; dependency: Node[] };
  readonly found: Found[];
  readonly promises: HeldPromise[];
  readonly functions: FoundFunction[];
  /** Scripts of which the module's scope was read: it is the same for all of their functions. */
  readonly modules: Set<string>;
}

async function enterRoots(state: WalkState): Promise<void> {
  const groups = await state.remote.properties(state.roots);
  for (const { name: group, handle } of groups.own) {
    const { own } = await state.remote.properties(handle);
    if (group !== 'exports') {
      const isGlobal = group === 'globalThis';
      const named = own.map((property) =>
        isGlobal ? { ...property, name: `globalThis.${property.name}` } : { ...property, name: '' },
      );
      await admit(state, named, { scope: isGlobal ? 'Global' : 'Listener', file: '', depth: 0, rank: 'app' });
      continue;
    }
    for (const { name: file, handle: exported } of own) {
      const rank = state.rank(file);
      if (rank === 'foreign') continue;
      const members = (await state.remote.properties(exported)).own;
      await admit(state, members, { scope: 'Module', file, depth: 0, rank });
    }
  }
}

type Place = Omit<Node, 'handle' | 'name'>;

/** Takes in what was not met before: collections are noted, the rest is queued. */
async function admit(state: WalkState, properties: readonly Property[], place: Place): Promise<void> {
  if (place.rank === 'app' && state.promises.length < MAX_PROMISES)
    for (const { name, handle } of properties)
      if (handle.subtype === 'promise' && name !== '')
        state.promises.push({ handle, name, file: place.file });
  const entering = properties.filter(({ handle }) => isEntered(handle));
  if (entering.length === 0) return;
  const sizes = (await state.remote.call(
    state.helper,
    'function (...things) { return this.admit(...things); }',
    entering.map(({ handle }) => handle),
  )) as readonly number[];
  entering.forEach(({ name, handle }, index) => {
    const entries = sizes[index] ?? -2;
    if (entries === -2) return;
    if (entries >= 0) state.found.push(collectionOf({ handle, name, entries }, place));
    const isLeaf = entries > SMALL || SKIPPED_SUBTYPES.has(handle.subtype) || place.depth > MAX_DEPTH;
    if (!isLeaf) state.queues[place.rank].push({ ...place, handle, name });
  });
}

/** Collections of bytes are sized although they are not entered. */
const isEntered = ({ subtype, className }: Handle): boolean =>
  (!SKIPPED_SUBTYPES.has(subtype) || subtype === 'typedarray' || subtype === 'arraybuffer') &&
  !SKIPPED_CLASSES.test(className);

const collectionOf = (
  { handle, name, entries }: { handle: Handle; name: string; entries: number },
  { scope, file }: Place,
): Found => ({ handle, kind: handle.className || 'Object', entries, name, scope, file });

async function visit(state: WalkState, node: Node): Promise<void> {
  const { handle } = node;
  if (handle.subtype === 'map' || handle.subtype === 'set') {
    const values = await state.remote.callForHandle(handle, 'function () { return [...this.values()]; }');
    if (values !== undefined)
      await admit(state, (await state.remote.properties(values)).own.map(memberOf(node)), deeper(node));
    return;
  }
  const properties = await state.remote.properties(handle);
  if (handle.type === 'function') return visitFunction(state, node, properties);
  await admit(state, properties.own.map(memberOf(node)), deeper(node));
  const prototype = properties.internal.find(({ name }) => name === '[[Prototype]]');
  // Its methods lead to the scopes of the class's module.
  if (prototype !== undefined && handle.className !== 'Object' && handle.className !== 'Array')
    await admit(state, [{ ...prototype, name: node.name }], deeper(node));
}

async function visitFunction(state: WalkState, node: Node, properties: Properties): Promise<void> {
  const bound = properties.internal.filter(
    ({ name }) => name === '[[TargetFunction]]' || name === '[[BoundThis]]',
  );
  if (bound.length > 0) return admit(state, bound.map(memberOf(node)), deeper(node));
  if (properties.location === undefined) return;
  const file = (await state.locate(properties.location))?.file ?? '';
  const rank = state.rank(file);
  if (file === '' || rank === 'foreign') return;
  if (state.functions.length < MAX_FUNCTIONS)
    state.functions.push({
      handle: node.handle,
      name: nameOf(node.handle, node.name),
      position: properties.location,
      file,
      rank,
    });
  const inside = { ...deeper(node), file, rank };
  await admit(state, properties.own.filter(isOwnOfFunction).map(memberOf(node)), inside);
  const scopes = properties.internal.find(({ name }) => name === '[[Scopes]]');
  if (scopes === undefined) return;
  for (const { handle: scope } of (await state.remote.properties(scopes.handle)).own) {
    const kind = scope.description.split(' ')[0] ?? '';
    if (kind === 'Global') continue;
    if (kind === 'Module') {
      if (state.modules.has(properties.location.scriptId)) continue;
      state.modules.add(properties.location.scriptId);
    }
    await admit(state, (await state.remote.properties(scope)).own, { ...inside, scope: kind });
  }
}

const isOwnOfFunction = ({ name }: Property): boolean =>
  name !== 'length' && name !== 'name' && name !== 'arguments' && name !== 'caller';

const deeper = ({ scope, file, depth, rank }: Node): Place => ({ scope, file, depth: depth + 1, rank });

/** `store` and `entries` are `store.entries`; positions in a list are left out. */
const memberOf =
  ({ name }: Node) =>
  (property: Property): Property => {
    if (property.name === '#signal' && property.handle.className === 'AbortSignal')
      return { ...property, name: `${name}.signal` };
    const isMember = !/^(?:\d+|\[\[.*\]\]|prototype)$/.test(property.name);
    return {
      ...property,
      name: isMember && name !== '' ? `${name}.${property.name}` : isMember ? property.name : name,
    };
  };

/** By its own text, else by the variable that holds it. */
function nameOf({ description }: Handle, variable: string): string {
  const written = /^(?:async\s+)?(?:function\s*\*?\s*|class\s+|\*?\s*)([\w$#]+)\s*[({]/.exec(
    description,
  )?.[1];
  if (written !== undefined && written !== 'function' && written !== 'async') return written;
  return variable.split('.').at(-1) || '(anonymous)';
}
