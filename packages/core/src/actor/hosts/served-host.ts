// The far end of a host over a port: runs what its client starts on a host of this thread, and stops it when the client
// is gone.
import type { MessagePort } from 'node:worker_threads';
import { toWire } from '../../errors.ts';
import { systemClock } from '../clock.ts';
import type { ActorHost, ActorRun, Parking } from './actor-host.ts';
import { DEFAULT_SHUTDOWN_MS } from './actor-start.ts';
import type { ToClient, ToServer } from './host-link.ts';

interface ServedRun {
  readonly run: ActorRun;
  readonly shutdownMs: number;
}

/** Lets the other end of `port` run actors on `host`. The returned function stops them and closes the port. */
export function serveHost(port: MessagePort, host: ActorHost): () => Promise<void> {
  const runs = new Map<number, ServedRun>();
  const parked = new Map<number, Parking>();
  const post = (message: ToClient): void => port.postMessage(message);

  const begin = ({ runId, parkId = 0, spec, port, ports }: Extract<ToServer, { type: 'run' }>): void => {
    try {
      const place = parked.get(parkId) ?? host.stage;
      parked.delete(parkId);
      const run = place.run({ spec, port, ports, requestStop: () => post({ type: 'closing' }) });
      runs.set(runId, { run, shutdownMs: spec.shutdownMs ?? DEFAULT_SHUTDOWN_MS });
      void run.ended.then((reason) => {
        runs.delete(runId);
        post({ type: 'ended', runId, reason });
      });
    } catch (error) {
      for (const given of [port, ...Object.values(ports)]) given.close();
      post({ type: 'ended', runId, reason: { kind: 'failed', error: toWire(error) } });
    }
  };

  const park = async ({ parkId, modules }: Extract<ToServer, { type: 'park' }>): Promise<void> => {
    try {
      const parking = host.stage.park?.(modules);
      if (parking !== undefined) parked.set(parkId, parking);
      await parking?.ended;
    } catch {
      // There is no thread to be had: for who wants one the same as one that has died.
    }
    parked.delete(parkId);
    post({ type: 'park-ended', parkId });
  };

  // The actors' own ports are closed with the client, which is their order to stop; this is what enforces it.
  const stopAll = async (): Promise<void> => {
    const waiting = [...parked.values()];
    for (const parking of waiting) parking.end();
    await Promise.all([...[...runs.values()].map(endWithin), ...waiting.map(({ ended }) => ended)]);
  };

  const receive = (message: ToServer): void => {
    switch (message.type) {
      case 'run':
        begin(message);
        break;
      case 'park':
        void park(message);
        break;
      case 'unpark':
        parked.get(message.parkId)?.end();
        break;
      case 'kill':
        runs.get(message.runId)?.run.kill(message.why);
        break;
      case 'cancel-start':
        runs.get(message.runId)?.run.cancelStart();
        break;
      default:
        message satisfies never;
    }
  };

  port.on('message', receive);
  port.on('close', () => void stopAll());
  port.unref();

  return async () => {
    post({ type: 'closing' });
    await stopAll();
    port.close();
  };
}

async function endWithin({ run, shutdownMs }: ServedRun): Promise<void> {
  run.cancelStart();
  const undo = systemClock.after(shutdownMs, () => run.kill('shutdown-deadline'));
  await run.ended;
  undo();
}
