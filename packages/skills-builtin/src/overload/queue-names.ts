// The queues that every process has, by name.
import type { QueueKind } from './queue-history.ts';

export const LOOP: QueueKind = { name: 'event loop delay', layer: 'loop', unit: 'ms' };
export const THREADPOOL: QueueKind = { name: 'threadpool wait', layer: 'threadpool', unit: 'ms' };
export const FILES: QueueKind = { name: 'files in the threadpool', layer: 'threadpool', unit: 'tasks' };
export const LOOKUPS: QueueKind = { name: 'lookups in the threadpool', layer: 'threadpool', unit: 'tasks' };
export const IN_FLIGHT: QueueKind = { name: 'requests in flight', layer: 'in-flight', unit: 'requests' };
export const OUTGOING: QueueKind = {
  name: 'outgoing requests in flight',
  layer: 'outgoing',
  unit: 'requests',
};
export const UNSENT: QueueKind = { name: 'outgoing requests not sent', layer: 'pool', unit: 'requests' };
export const UNREAD_BYTES: QueueKind = { name: 'unread bytes', layer: 'receive', unit: 'bytes' };
export const UNSENT_BYTES: QueueKind = { name: 'unsent bytes', layer: 'send', unit: 'bytes' };
