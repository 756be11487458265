// What the pages in docs/skills tell of a skill beyond what its descriptor says. Data only: it is read when the pages
// are written and by the test that keeps them in step, never in a service.

export interface Reference {
  /** Each field that a snapshot may have, in its order: meaning, and the unit where the name does not carry it. */
  readonly snapshot: { readonly [field: string]: string };
  /** What a callback costs main, and what else it needs; callbacks left out read what is recorded already. */
  readonly costs: { readonly [callback: string]: string };
  /** The figures that the checks and the snapshot go by. */
  readonly thresholds: readonly Threshold[];
}

export interface Threshold {
  readonly what: string;
  readonly value: string;
  /** Where it comes from: a document, a tool, a measurement; or why it was chosen. */
  readonly source: string;
}
