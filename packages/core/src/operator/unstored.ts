// A finding that the store did not take.

/** Part of the event of a finding: the store has not taken it (yet); absent when it is written. */
export interface Unstored {
  readonly stored?: false;
}
