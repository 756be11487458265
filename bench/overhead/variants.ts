// What a server can be started with: nothing, Nodelens, or one of the peers of bench/peers that are installed.
import { existsSync, readFileSync } from 'node:fs';
import type { Preload } from './subject.ts';

export interface Variant {
  readonly name: string;
  /** Undefined: a bare server. */
  readonly preload: Preload | undefined;
}

export const BARE: Variant = { name: 'bare', preload: undefined };
/** The A/A control is a second bare server: what its ratio is off 1 is the error of the method. */
export const CONTROL: Variant = { name: 'control', preload: undefined };

const PEERS = new URL('../peers/', import.meta.url);
const packageOf = (name: string): URL => new URL(`node_modules/${name}/`, PEERS);

/** Nobody listens on the discard port: spans are made and encoded, and lost. */
const NO_AGENT = 'http://127.0.0.1:9';

const KNOWN_PEERS = [
  {
    name: 'opentelemetry',
    package: '@opentelemetry/auto-instrumentations-node',
    preload: {
      url: new URL('opentelemetry.mjs', PEERS).href,
      env: { OTEL_TRACES_SAMPLER: 'always_on', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' },
    },
  },
  {
    name: 'dd-trace',
    package: 'dd-trace',
    preload: {
      url: new URL('initialize.mjs', packageOf('dd-trace')).href,
      env: {
        DD_TRACE_AGENT_URL: NO_AGENT,
        DD_PROFILING_ENABLED: 'false',
        DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
        DD_REMOTE_CONFIGURATION_ENABLED: 'false',
        DD_TRACE_STARTUP_LOGS: 'false',
      },
    },
  },
] as const;

export interface Peers {
  readonly variants: readonly Variant[];
  /** One line on what was found, for the head of the output. */
  readonly found: string;
}

export function installedPeers(): Peers {
  const installed = KNOWN_PEERS.filter((peer) => existsSync(packageOf(peer.package)));
  if (installed.length < KNOWN_PEERS.length)
    return { variants: [], found: 'peers are not installed: npm install --prefix bench/peers' };
  const versions = installed.map((peer) => {
    const manifest = readFileSync(new URL('package.json', packageOf(peer.package)), 'utf8');
    return `${peer.package} ${(JSON.parse(manifest) as { version: string }).version}`;
  });
  return { variants: installed, found: `beside it ${versions.join(', ')}` };
}
