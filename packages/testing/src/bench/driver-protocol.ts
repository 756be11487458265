// What the runner and the process that drives a case say to each other.

export interface DriverStart {
  readonly file: string;
  readonly isHealthy: boolean;
  readonly dir: string;
  readonly seed: number;
}

export type DriverCommand =
  | { readonly type: 'prepare'; readonly start: DriverStart }
  | { readonly type: 'drive'; readonly url: string; readonly port: number; readonly pid: number }
  | { readonly type: 'end' };

export type DriverEvent =
  /** What the service is configured by, and the addresses that case.json speaks of. */
  | {
      readonly type: 'prepared';
      readonly env: Readonly<Record<string, string>>;
      readonly names: Readonly<Record<string, string>>;
    }
  /** The first request was sent. */
  | { readonly type: 'driving' }
  | { readonly type: 'alert' }
  | { readonly type: 'ended' }
  | { readonly type: 'failed'; readonly reason: string };
