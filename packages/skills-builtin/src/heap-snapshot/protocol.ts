// What the recorder thread and the reader of heap snapshots tell each other.
import type { HeapAnalysis } from './analysis.ts';

export type ToReader =
  | { readonly type: 'chunk'; readonly text: string }
  /** The text is complete: tell of these objects. */
  | { readonly type: 'end'; readonly ids: readonly number[] };

export type FromReader =
  | { readonly type: 'ready' }
  | { readonly type: 'analysed'; readonly analysis: ReadAnalysis };

/** With what the reading itself took. */
export interface ReadAnalysis extends HeapAnalysis {
  readonly textMb: number;
  /** Time of the reader's thread, in ms. */
  readonly readMs: number;
  /** Most that its tables took, in MB. */
  readonly tablesMb: number;
}
