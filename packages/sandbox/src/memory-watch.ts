// Memory that no isolate's limit counts (resizable buffers, what Intl keeps outside the heap): the process as a whole
// may only grow by what its runs are allowed.

/** An isolate may need twice its limit for a moment, while it collects. */
const factor = 2;
/** For messages under way and the process's own heap. */
const spareMb = 128;
/** An idle process that holds more than this beyond its start is replaced. */
const idleMb = 256;

const rssMb = (): number => process.memoryUsage.rss() / 2 ** 20;

export interface MemoryWatch {
  /** @param allowedMb the memory limits of all runs together. */
  isOver(allowedMb: number): boolean;
  isBloated(): boolean;
}

/** Takes the present as the start. */
export function watchMemory(): MemoryWatch {
  const startMb = rssMb();
  return {
    isOver: (allowedMb) => rssMb() > startMb + allowedMb * factor + spareMb,
    isBloated: () => rssMb() > startMb + idleMb,
  };
}
