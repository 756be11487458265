// Puts a method in the place of another and takes it away again, if nobody else has put his own on top meanwhile.
import type { Method, Prototype } from './driver.ts';

export interface Patches {
  /** `make` gets the method that stood there. Does nothing where there is none, or it is patched already. */
  patch<This>(
    prototype: Prototype | undefined,
    name: string,
    make: (original: Method<This>) => Method<This>,
  ): void;
  /** The method of an object as it is without the patches. */
  originalOf(object: object, name: string): Method | undefined;
  /** Whether the patches do anything: what another library has wrapped cannot be taken away, but falls silent. */
  readonly isOn: boolean;
  undo(): void;
}

interface Patched {
  readonly prototype: Prototype;
  readonly name: string;
  readonly original: unknown;
  readonly own: unknown;
}

export function createPatches(): Patches {
  let patched: Patched[] = [];
  let isOn = true;
  const find = (prototype: Prototype | undefined, name: string): Patched | undefined =>
    patched.find((one) => one.prototype === prototype && one.name === name);
  return {
    get isOn() {
      return isOn;
    },
    patch(prototype, name, make) {
      const original = prototype?.[name];
      if (prototype === undefined || typeof original !== 'function' || find(prototype, name)) return;
      const own = make(original as Parameters<typeof make>[0]);
      prototype[name] = own;
      patched.push({ prototype, name, original, own });
    },
    originalOf(object, name) {
      let holder: Prototype | null = object as Prototype;
      while (holder !== null && !Object.hasOwn(holder, name)) holder = Object.getPrototypeOf(holder);
      return (find(holder ?? undefined, name)?.original ?? holder?.[name]) as Method | undefined;
    },
    undo() {
      isOn = false;
      for (const { prototype, name, original, own } of patched)
        if (prototype[name] === own) prototype[name] = original;
      patched = [];
    },
  };
}

/** What a probe does may never be felt by the app, whatever the app has made of its objects. */
export function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
