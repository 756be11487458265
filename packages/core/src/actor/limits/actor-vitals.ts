// What is measured of an actor that runs.

/** What can be seen of a running actor without asking it. */
export interface ActorVitals {
  /** Messages that wait, both lanes, as of its last turn; absent for what has no mailbox. */
  readonly mailbox?: number;
  /** Heap and external memory of its thread; of a process what it holds in RAM. */
  readonly memoryMb?: number;
  /** CPU of its thread over the last seconds, in percent of one core. */
  readonly cpuPercent?: number;
  /** The kernel's id of its thread, as in `top -H`. */
  readonly tid?: number;
}
