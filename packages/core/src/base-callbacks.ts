// The callbacks that every skill has without declaring them. They say where and when, and what this host could not do.
import { hostname } from 'node:os';
import type { Clock } from './actor/clock.ts';
import type { Callback } from './skill.ts';

/** @param limitations what the host has to tell about itself, read at each call. */
export function baseCallbacks(
  clock: Clock,
  limitations: () => readonly string[],
): { readonly [name: string]: Callback } {
  return {
    get_current_time: {
      description: 'The time now: { timestamp (ISO-8601 UTC), unixMs }.',
      run: () => ({ timestamp: new Date(clock.now()).toISOString(), unixMs: clock.now() }),
    },
    get_node_info: {
      description:
        'The process: { node, v8, pid, hostname, platform, arch, uptimeSeconds, limitations (what could not be observed and why) }.',
      run: () => ({
        node: process.version,
        v8: process.versions.v8,
        pid: process.pid,
        hostname: hostname(),
        platform: process.platform,
        arch: process.arch,
        uptimeSeconds: Math.round(process.uptime()),
        limitations: limitations(),
      }),
    },
  };
}
