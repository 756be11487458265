// The skill `system` for docs/skills.
import type { Reference } from '../reference.ts';

export const reference: Reference = {
  snapshot: {
    cpusMachine: 'CPUs of the machine',
    cpusAllowed: 'CPUs that the process may run on (cpuset, affinity)',
    cpuQuotaCpus: 'what the CPU quota of the container grants, in CPUs; absent without a quota',
    cpusAvailable: 'the smaller of the two',
    load1m: 'load average over a minute; absent on Windows',
    rateWindowSeconds:
      'what the rates below are told over: about 30 s, less at first; they are absent in the first second, and where the kernel does not tell',
    ownCpuPercent: 'CPU of this process, of one core',
    otherCpuPercent: 'what is busy without this process, of all CPUs',
    machineBusyPercent: 'what is busy of all CPUs',
    stealPercent: 'what the hypervisor gave to other guests, of all CPUs',
    mainWaitPercent: 'share of the time in which main could have run but had no core, throttling included',
    cgroupCpus: 'CPU that the container used, in CPUs',
    throttledPeriodsPercent: 'scheduling periods in which the quota stopped the container',
    throttledMsPerSecond: 'how long it stopped it, summed over the CPUs; may exceed 1,000',
    cpuPressure10sPercent: "share of 10 s in which some of the machine's tasks waited for a CPU (PSI)",
    cgroupCpuPressure10sPercent: 'the same of the container',
    memoryTotalMb: 'memory of the machine',
    memoryAvailableMb: 'what the machine can still give without swapping',
    memoryAvailablePercent: 'that, of memoryTotalMb',
    swapTotalMb: 'swap space of the machine; absent without /proc',
    swapUsedMb: 'what of it is in use; absent without /proc',
    memoryLimitMb: "the container's limit; absent without one, or when the machine has no more",
    memoryUsageMb: 'what the container uses, file cache included; absent without a limit',
    memoryWorkingSetMb: 'that without the file cache that can be dropped at once; absent without a cgroup',
    memoryUsedPercent: 'working set, of the limit; this and the next two are absent without one',
    memoryMbPerMinute: 'growth of the working set within 10 minutes; absent in the first 25 s',
    minutesUntilMemoryLimit:
      'when it reaches the limit; absent while it grows by less than a thousandth of it per minute',
    oomKills10m:
      'processes of the container that the kernel killed for want of memory within 10 minutes; absent where no cgroup tells',
    memoryPressureFull10sPercent:
      'share of 10 s in which all tasks of the container (else of the machine) waited for memory (PSI)',
    oomScore: 'who is killed first when memory runs out: the highest; 0 to 1,000 and more',
    ioPressureFull10sPercent:
      "share of 10 s in which all of the machine's tasks waited for input or output (PSI)",
    diskRanOut: 'path of a disk without space or inodes: writing to it fails; null when there is none',
    diskFullest: 'path of the fullest disk; at most 10 are watched, network file systems never',
    diskUsedPercent: 'how full it is, as df counts',
    diskAvailableMb: 'what is left on it for a user without special rights',
    minutesUntilDiskFull:
      'when the first of the disks is full; absent while none grows by a thousandth of its size per minute',
    inodesFullest: 'path of the disk with the largest share of its inodes in use',
    inodesUsedPercent: 'that share',
    clockSteps10m: 'steps of the clock by 100 ms and more within 10 minutes',
    clockLargestStep10mMs: 'the largest; positive: ahead, negative: back; 0 when there was none',
    unavailable: 'what cannot be told here, by name',
  },
  costs: {
    system_top_processes:
      'nothing of main; about 0.2 ms of CPU for each process looked at, and it watches for a second',
  },
  thresholds: [
    {
      what: 'throttled',
      value: '25 % of the periods and 20 ms per second; critical from 75 %',
      source:
        'kubernetes-mixin, alert CPUThrottlingHigh; 20 ms and 75 % are our choice (nobody feels less than 20)',
    },
    {
      what: 'CPU taken by the hypervisor',
      value: '10 % steal; critical from 30 %',
      source: 'awesome-prometheus-alerts, HostCpuStealNoisyNeighbor; critical is our choice',
    },
    {
      what: 'CPU taken by other processes',
      value: 'main waits for a core 20 % of the time, others use 40 % of the machine; critical from 50 %',
      source:
        'our choice: below 20 % only the tail of the latency feels it, below 40 % it is the process itself',
    },
    {
      what: 'process that is blamed',
      value: '30 % of a core (for throttling 10 %)',
      source: 'our choice: less is no culprit',
    },
    {
      what: "container's memory low",
      value: 'working set of 90 % of the limit; or 70 % and at the limit within 15 minutes',
      source: 'our choice; the kubelet evicts by the working set, the kernel kills at 100 %',
    },
    {
      what: "machine's memory low",
      value: '5 % available; critical from 2.5 %',
      source: 'half of the 10 % of the usual Prometheus alert, so as not to warn in vain',
    },
    {
      what: 'memory, critical',
      value: 'a process was killed for want of it, or 95 % of the limit',
      source: 'our choice',
    },
    {
      what: 'disk full',
      value: '90 % used, or 95 % of the inodes; or 80 % and full within 30 minutes; critical from 97 %',
      source:
        "the kubelet's hard eviction: nodefs.available < 10 %, nodefs.inodesFree < 5 %; the others are our choice",
    },
    {
      what: 'disk out of space',
      value: '98 % used and less than 1 MB left; or 5 inodes left at most',
      source: 'our choice: what is left is less than a file',
    },
    {
      what: 'plenty of room on a full disk',
      value: '50 GB are left: info only',
      source: 'our choice: a tenth of a very large disk is still much',
    },
    {
      what: 'step of the clock',
      value: '500 ms; a warning when it goes back, or by a minute and more',
      source:
        'our choice: ntpd steps from 128 ms on; libraries for tokens allow a leeway of a minute at most',
    },
  ],
};
