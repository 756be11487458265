// Objects of main, held from the recorder thread: properties, scopes and calls, each a slice of well under a
// millisecond of main. Nothing here pauses main for a collection; what is held is let go by `release`.
import { fail, type JsonObject, type JsonValue, type MainInspector } from '@nodelens/core';

/** A reference to an object on main; valid until `release`. */
export interface Handle {
  readonly objectId: string;
  readonly type: 'object' | 'function';
  readonly subtype: string;
  readonly className: string;
  readonly description: string;
}

export interface Property {
  readonly name: string;
  readonly handle: Handle;
}

export interface Properties {
  /** Data properties that hold objects or functions, private fields included. Accessors are never run. */
  readonly own: readonly Property[];
  /** `[[Scopes]]`, `[[TargetFunction]]`, … */
  readonly internal: readonly Property[];
  /** Of a function; 0-based. */
  readonly location?: ScriptPosition;
}

export interface ScriptPosition {
  readonly scriptId: string;
  readonly line: number;
  readonly column: number;
}

export interface Remote {
  /** The object that an expression makes. @throws NodelensError `inspector_failed` when it throws or makes none. */
  evaluate(expression: string): Promise<Handle>;
  properties(handle: Handle): Promise<Properties>;
  /** What `declaration` (a function, `this` is `target`) returns, as JSON. */
  call(target: Handle, declaration: string, args: readonly (Handle | JsonValue)[]): Promise<JsonValue>;
  /** The object that it returns. */
  callForHandle(target: Handle, declaration: string, args?: readonly Handle[]): Promise<Handle | undefined>;
  /** Lets go of all handles; whatever fails here has let go already. */
  release(): Promise<void>;
}

let groups = 0;

export function createRemote(inspector: MainInspector): Remote {
  groups += 1;
  const objectGroup = `nodelens-collections-${groups}`;
  const post = async (method: string, params: JsonObject): Promise<JsonObject> => {
    const reply = await inspector.post(method, params);
    const thrown = reply.exceptionDetails as JsonObject | undefined;
    if (thrown !== undefined) throw fail('inspector_failed', { method, reason: reasonOfThrow(thrown) });
    return reply;
  };
  const callOn = (target: Handle, declaration: string, more: JsonObject): Promise<JsonObject> =>
    post('Runtime.callFunctionOn', {
      objectId: target.objectId,
      functionDeclaration: declaration,
      objectGroup,
      ...more,
    });
  return {
    async evaluate(expression) {
      const { result } = await post('Runtime.evaluate', { expression, objectGroup });
      const handle = handleOf(result);
      if (handle === undefined)
        throw fail('inspector_failed', { method: 'Runtime.evaluate', reason: 'it made no object' });
      return handle;
    },
    properties: async ({ objectId }) =>
      propertiesOf(await post('Runtime.getProperties', { objectId, ownProperties: true })),
    async call(target, declaration, args) {
      const values = args.map((arg) => (isHandle(arg) ? { objectId: arg.objectId } : { value: arg }));
      const reply = await callOn(target, declaration, { arguments: values, returnByValue: true });
      return ((reply.result as JsonObject | undefined)?.value ?? null) as JsonValue;
    },
    async callForHandle(target, declaration, args = []) {
      const given = args.map(({ objectId }) => ({ objectId }));
      return handleOf((await callOn(target, declaration, { arguments: given })).result);
    },
    async release() {
      await inspector.post('Runtime.releaseObjectGroup', { objectGroup }).catch(() => undefined);
    },
  };
}

const isHandle = (arg: Handle | JsonValue): arg is Handle =>
  typeof arg === 'object' && arg !== null && typeof (arg as Handle).objectId === 'string';

function reasonOfThrow(thrown: JsonObject): string {
  const { description } = (thrown.exception ?? {}) as JsonObject;
  return String(description ?? thrown.text).split('\n')[0] ?? '';
}

function handleOf(value: JsonValue | undefined): Handle | undefined {
  const remote = (value ?? {}) as JsonObject;
  if (typeof remote.objectId !== 'string') return undefined;
  return {
    objectId: remote.objectId,
    type: remote.type === 'function' ? 'function' : 'object',
    subtype: String(remote.subtype ?? ''),
    className: String(remote.className ?? ''),
    description: String(remote.description ?? ''),
  };
}

function propertiesOf(reply: JsonObject): Properties {
  const own = (reply.result ?? []) as readonly JsonObject[];
  const hidden = (reply.privateProperties ?? []) as readonly JsonObject[];
  const internal = (reply.internalProperties ?? []) as readonly JsonObject[];
  const located = internal.find(({ name }) => name === '[[FunctionLocation]]')?.value as
    | JsonObject
    | undefined;
  const position = located?.value as JsonObject | undefined;
  return {
    own: [...own, ...hidden].flatMap(asProperty),
    internal: internal.flatMap(asProperty),
    ...(position !== undefined && {
      location: {
        scriptId: String(position.scriptId),
        line: Number(position.lineNumber),
        column: Number(position.columnNumber),
      },
    }),
  };
}

function asProperty(descriptor: JsonObject): readonly Property[] {
  const handle = handleOf(descriptor.value);
  return handle === undefined ? [] : [{ name: String(descriptor.name), handle }];
}
