// A machine made of real files in a folder of its own, with clocks that are moved by hand.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { JsonObject, JsonValue, RecorderContext } from '@nodelens/core';
import { onTestFinished } from 'vitest';
import { createSkillHost, type SkillHost } from '../../../core/src/skill-host.ts';
import { createMachine, type DiskStat, type Machine } from '../../src/system/machine.ts';
import { systemSkill } from '../../src/system/skill.ts';

export type Files = { readonly [path: string]: string };

export interface FakeMachine {
  readonly machine: Machine;
  /** As the recorder's: a second passes by {@link FakeMachine.pulse}. */
  everySecond(listener: (isAtRest: boolean) => void): void;
  write(files: Files): void;
  advance(ms: number): void;
  /** Sets the wall clock alone, or lets the machine sleep. */
  setClock(byMs: number): void;
  sleep(ms: number): void;
  /** What is done each second, so many times. */
  pulse(seconds: number, isAtRest?: boolean): void;
}

const DISK: DiskStat = { bsize: 4_096, blocks: 1_000, bfree: 500, bavail: 450, files: 100, ffree: 90 };

export function fakeMachine(files: Files, disk: DiskStat = DISK): FakeMachine {
  const root = mkdtempSync(join(tmpdir(), 'nodelens-system-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  let wallMs = 1_800_000_000_000;
  let monotonicMs = 50_000;
  let bootMs = 90_000;
  const listeners: ((isAtRest: boolean) => void)[] = [];
  const fake: FakeMachine = {
    machine: {
      ...createMachine(root),
      clocks: { wallMs: () => wallMs, monotonicMs: () => monotonicMs, bootMs: () => bootMs },
      statDisk: async () => disk,
    },
    everySecond: (listener) => void listeners.push(listener),
    write(more) {
      for (const [path, text] of Object.entries(more)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      }
    },
    advance(ms) {
      wallMs += ms;
      monotonicMs += ms;
      bootMs += ms;
    },
    setClock(byMs) {
      wallMs += byMs;
    },
    sleep(ms) {
      wallMs += ms;
      bootMs += ms;
    },
    pulse(seconds, isAtRest = false) {
      for (let second = 0; second < seconds; second += 1)
        for (const listener of listeners) listener(isAtRest);
    },
  };
  fake.write(files);
  return fake;
}

/** What the recorder tells of the process: it uses 10 % of a core. */
const contextOf = ({ everySecond }: FakeMachine): RecorderContext =>
  ({
    pid: 42,
    everySecond,
    vitals: { since: () => [{ processCpuPercent: 10 }], newest: () => [] },
  }) as unknown as RecorderContext;

/** The skill behind the same host as in a service: arguments are checked, results are plain JSON. */
export const hostOf = (fake: FakeMachine): SkillHost =>
  createSkillHost([systemSkill(contextOf(fake), fake.machine)]);

export const snapshotOf = (host: SkillHost): Promise<JsonObject> => host.snapshot('system');

export const call = async <T = JsonObject>(
  host: SkillHost,
  name: string,
  args: readonly JsonValue[] = [],
): Promise<T> => (await host.call('system', name, args, {})) as T;

const HOST: Files = {
  'proc/stat':
    'cpu  1000 0 500 8000 100 0 0 0 0 0\ncpu0 500 0 250 4000 50 0 0 0 0 0\ncpu1 500 0 250 4000 50 0 0 0 0 0\n',
  'proc/meminfo':
    'MemTotal:        8388608 kB\nMemFree:         1048576 kB\nMemAvailable:    4194304 kB\nSwapTotal:       1048576 kB\nSwapFree:         524288 kB\n',
  'proc/loadavg': '1.50 1.25 1.00 2/184 5372\n',
  'proc/self/status': 'Name:\tnode\nCpus_allowed_list:\t0-1\n',
  'proc/self/schedstat': '1000000000 100000000 500\n',
  'proc/self/oom_score': '666\n',
  'proc/pressure/cpu': 'some avg10=12.50 avg60=8.00 avg300=3.00 total=1\n',
  'proc/pressure/memory':
    'some avg10=2.00 avg60=1.00 avg300=0.00 total=1\nfull avg10=1.00 avg60=0.50 avg300=0.00 total=1\n',
  'proc/pressure/io':
    'some avg10=0.00 avg60=0.00 avg300=0.00 total=1\nfull avg10=0.25 avg60=0.00 avg300=0.00 total=1\n',
};

/** A container of Kubernetes on cgroup v2: half a CPU and 512 MB, limited by the pod above it. */
export const V2: Files = {
  ...HOST,
  'proc/self/cgroup': '0::/kubepods/pod1/app\n',
  'proc/self/mountinfo':
    '1 0 252:1 / / rw - ext4 /dev/vda rw\n30 1 0:26 / /sys/fs/cgroup ro,nosuid - cgroup2 cgroup rw\n',
  'sys/fs/cgroup/kubepods/pod1/app/cpu.max': 'max 100000\n',
  'sys/fs/cgroup/kubepods/pod1/app/memory.max': 'max\n',
  'sys/fs/cgroup/kubepods/pod1/cpu.max': '50000 100000\n',
  'sys/fs/cgroup/kubepods/pod1/cpu.stat':
    'usage_usec 1000000\nuser_usec 1\nsystem_usec 1\nnr_periods 100\nnr_throttled 10\nthrottled_usec 500000\n',
  'sys/fs/cgroup/kubepods/pod1/cpu.pressure': 'some avg10=40.00 avg60=30.00 avg300=3.00 total=1\n',
  'sys/fs/cgroup/kubepods/pod1/memory.max': '536870912\n',
  'sys/fs/cgroup/kubepods/pod1/memory.current': '419430400\n',
  'sys/fs/cgroup/kubepods/pod1/memory.stat': 'anon 1\ninactive_file 104857600\nactive_file 1\n',
  'sys/fs/cgroup/kubepods/pod1/memory.events': 'low 0\nhigh 0\nmax 3\noom 1\noom_kill 1\noom_group_kill 0\n',
};

/** Docker on cgroup v1: the path is told from the host's top, and the mount shows only its own part. */
export const V1: Files = {
  ...HOST,
  'proc/self/cgroup':
    '9:name=systemd:/docker/abc\n4:memory:/docker/abc\n2:cpu,cpuacct:/docker/abc\n0::/docker/abc\n',
  'proc/self/mountinfo':
    '30 1 0:26 /docker/abc /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct\n31 1 0:27 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n',
  'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '150000\n',
  'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
  'sys/fs/cgroup/cpu,cpuacct/cpu.stat': 'nr_periods 100\nnr_throttled 0\nthrottled_time 0\n',
  'sys/fs/cgroup/cpu,cpuacct/cpuacct.usage': '2000000000\n',
  'sys/fs/cgroup/memory/memory.limit_in_bytes': '1073741824\n',
  'sys/fs/cgroup/memory/memory.usage_in_bytes': '536870912\n',
  'sys/fs/cgroup/memory/memory.stat': 'inactive_file 1\ntotal_inactive_file 268435456\n',
  'sys/fs/cgroup/memory/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 4\n',
};
