// What is known of the machine around a process: the prompt, and which checks there are.
import type { Check } from '@nodelens/core';
import { clockStep } from './check-clock.ts';
import { diskFull } from './check-disk.ts';
import { memoryLow } from './check-memory.ts';
import { diskOutOfSpace } from './check-out-of-space.ts';
import { cpuTaken } from './check-taken.ts';
import { cpuThrottled } from './check-throttled.ts';

export const systemKeywords: readonly string[] = [
  'machine',
  'host',
  'container',
  'cgroup',
  'kubernetes',
  'pod',
  'throttl',
  'cpu',
  'load',
  'steal',
  'neighbour',
  'neighbor',
  'slow',
  'memory',
  'oom',
  'killed',
  'evict',
  'swap',
  'disk',
  'inode',
  'enospc',
  'clock',
  'time jump',
];

export const systemPrompt = `You watch the machine and the container around one Node.js process: what they grant, and who takes it.
Your callbacks answer also while the main thread is blocked. Rates come from readings that are stored every 5 s, every 15 s while the process is idle.

WHAT MATTERS
- Throttling by the container's CPU quota in more than 25 % of the periods (kubernetes-mixin, CPUThrottlingHigh). The whole process stands still meanwhile: the event loop looks blocked although no function blocks it.
- CPU taken by others: steal above 10 % (awesome-prometheus-alerts, HostCpuStealNoisyNeighbor), or main waiting for a core in 20 % of the time (ours) while other processes use 40 % of the machine.
- Working set above 90 % of the container's limit (ours; the kubelet evicts by the working set, the kernel kills at 100 %), or on its way there within 15 minutes; any process killed for want of memory; less than 5 % of the machine's memory available.
- A disk without space or without inodes (df shows room then): whatever writes there fails with ENOSPC.
- A disk with less than 10 % left, or less than 5 % of its inodes (the kubelet's hard eviction: nodefs.available, nodefs.inodesFree).
- A step of the clock of 500 ms or more, above all backwards. ntpd steps from 128 ms on; smaller errors are corrected slowly.

HOW TO LOOK
- system_cpu(30) first: cpusAvailable is what the process may use; mainWaitPercent contains the throttling. ownCpuPercent is of one core, machineBusyPercent, otherCpuPercent and stealPercent are of all.
- system_top_processes(10) names who uses the CPU (take those of one name together), system_top_processes(5, "memory") who holds the memory. In a container only its own processes are seen; otherCpuPercent is of the whole machine.
- system_pressure(): the kernel's own account of waiting (PSI): "some" means that at least one task waited, "full" that all did and nothing got done.
- system_history(30) shows when it began. system_disks(), system_memory(), system_clock_steps().

NORMAL, do not report
- A load above the number of CPUs, or "some" CPU pressure, while main waits little: others wait, not this process.
- Memory that is used by the file cache (usage above the working set); a little swap in use without memory pressure.
- Throttling of a few periods at start, when modules are compiled.
- A process that uses much CPU because it is the one you watch: that is for the skill runtime.
- What \`unavailable\` names cannot be seen here; that is no finding.`;

export const systemChecks: readonly Check[] = [
  cpuThrottled,
  cpuTaken,
  memoryLow,
  diskOutOfSpace,
  diskFull,
  clockStep,
];
