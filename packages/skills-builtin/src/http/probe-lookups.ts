// The probe on main that tells how long the looking up of names takes, by dns.lookup and by resolvers: Node measures each
// of them for whoever observes. What failed is told by the requests that it ended.
import { PerformanceObserver } from 'node:perf_hooks';
import type { Probe } from '@nodelens/core';
import { createBudget } from '../per-second.ts';
import { subscribeAll } from '../requests/subscribe.ts';

const PER_SECOND = 50;
const MAX_CHARS = 200;
/** `queryA`, `getaddrinfo`: the call of the system that an error of a request comes from. */
const OF_NAMES = /^(?:query|getaddrinfo)/;

interface Lookup {
  readonly name: string;
  readonly duration: number;
  readonly detail?: { readonly host?: unknown; readonly hostname?: unknown };
}

interface NameError {
  readonly syscall?: unknown;
  readonly code?: unknown;
  readonly hostname?: unknown;
  readonly cause?: NameError;
}

export const watchLookups: Probe = ({ emit }) => {
  const [admit, admitFailed] = [createBudget(), createBudget()];
  const observer = new PerformanceObserver((list) => {
    for (const { name, duration, detail } of list.getEntries() as unknown as readonly Lookup[])
      if (admit(PER_SECOND))
        emit({ by: name, host: text(detail?.host ?? detail?.hostname), durationMs: Math.round(duration) });
  });
  observer.observe({ entryTypes: ['dns'] });
  const failed = (message: unknown): void => {
    const { error } = message as { readonly error?: NameError };
    const { syscall, code, hostname } = error?.syscall === undefined ? (error?.cause ?? {}) : error;
    if (typeof syscall !== 'string' || !OF_NAMES.test(syscall) || !admitFailed(PER_SECOND)) return;
    emit({ by: text(syscall), host: text(hostname), code: text(code) });
  };
  const unsubscribe = subscribeAll([
    {
      channels: [
        ['http.client.request.error', failed],
        ['undici:request:error', failed],
      ],
      end: () => observer.disconnect(),
    },
  ]);
  return unsubscribe;
};

const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, MAX_CHARS) : '');
