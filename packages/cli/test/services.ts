// Services under test and the command as people install it: both from dist, which turbo builds before these tests.
import { existsSync, watch, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type Outcome,
  packageFile,
  runtimeFolder,
  type Started,
  type StartOptions,
  startNode,
} from './processes.ts';

export const registerUrl: string = pathToFileURL(packageFile('dist/register.js')).href;

export interface Service extends Started {
  /** Environment in which the command finds this service. */
  readonly env: { readonly NODELENS_RUNTIME_DIR: string };
  readonly socket: string;
  readonly port: number;
  /** Ends the block that it is in, if that is JavaScript. */
  release(): void;
}

export const startCommand = (args: readonly string[], options?: StartOptions): Started =>
  startNode([packageFile('dist/main.js'), ...args], options);

export const command = (args: readonly string[], options?: StartOptions): Promise<Outcome> =>
  startCommand(args, options).outcome;

/** The service of fixtures/service.mjs, listening; `nodeArgs` come before its file. */
export async function startService(
  nodeArgs: readonly string[] = [],
  more: StartOptions['env'] = {},
): Promise<Service> {
  const folder = await runtimeFolder();
  const env = { NODELENS_RUNTIME_DIR: folder };
  const started = startNode([...nodeArgs, packageFile('test/fixtures/service.mjs')], {
    env: { ...more, ...env },
  });
  const port = Number((await started.seen(/port (\d+);/))[1]);
  const release = (): void => writeFileSync(join(folder, 'release'), '');
  return { ...started, env, port, socket: join(folder, `${started.pid}.sock`), release };
}

/** Started with `--import nodelens/register`, and its control socket is there. */
export async function startRegistered(env?: StartOptions['env']): Promise<Service> {
  const service = await startService(['--import', registerUrl], env);
  await appears(service.socket);
  return service;
}

/** Sends a request whose answer may be long in coming; resolves to its status. */
export function request(service: Service, path: string): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  get({ host: '127.0.0.1', port: service.port, path, agent: false }, (response) => {
    response.resume().once('end', () => resolve(response.statusCode));
  }).once('error', reject);
  return promise;
}

/** Resolves when the file is there. */
export function appears(file: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const check = (): void => {
    if (existsSync(file)) resolve();
  };
  const watcher = watch(join(file, '..'), check);
  check();
  return promise.finally(() => watcher.close());
}
