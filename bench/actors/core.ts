// Core's own modules, built: the aims are for what is published (a thread from TypeScript source starts 2.5 times as
// slowly). `NODELENS_BENCH_CORE` names another build's `dist/` to measure that one instead.
type Modules = {
  readonly 'actor/hosts/in-process-host': typeof import('../../packages/core/src/actor/hosts/in-process-host.ts');
  readonly 'actor/hosts/launcher-handle': typeof import('../../packages/core/src/actor/hosts/launcher-handle.ts');
  readonly 'actor/hosts/remote-host': typeof import('../../packages/core/src/actor/hosts/remote-host.ts');
  readonly 'actor/supervision/supervisor': typeof import('../../packages/core/src/actor/supervision/supervisor.ts');
  readonly 'actor/hosts/thread-host': typeof import('../../packages/core/src/actor/hosts/thread-host.ts');
  readonly 'actor/hosts/thread-options': typeof import('../../packages/core/src/actor/hosts/thread-options.ts');
  readonly 'continuous/resident-plan': typeof import('../../packages/core/src/continuous/resident-plan.ts');
  readonly 'continuous/residents': typeof import('../../packages/core/src/continuous/residents.ts');
  readonly 'operator/run': typeof import('../../packages/core/src/operator/run.ts');
  readonly 'operator/spec': typeof import('../../packages/core/src/operator/spec.ts');
  readonly index: typeof import('../../packages/core/src/index.ts');
};

const built = process.env.NODELENS_BENCH_CORE ?? new URL('../../packages/core/dist/', import.meta.url).href;

/** URL of a built module, for who has to load it elsewhere. */
export const coreUrl = (path: string): string => new URL(path === '' ? '.' : `${path}.js`, built).href;

export const importCore = <P extends keyof Modules>(path: P): Promise<Modules[P]> => import(coreUrl(path));
