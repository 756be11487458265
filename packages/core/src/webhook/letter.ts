// What is sent to a receiver.

export interface Letter {
  readonly id: string;
  /** JSON. */
  readonly body: string;
}
