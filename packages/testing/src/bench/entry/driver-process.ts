// First file of the process that drives one case: prepares its dependencies, makes its traffic, cleans up.
import { pathToFileURL } from 'node:url';
import type { DriverCommand, DriverEvent, DriverStart } from '../driver-protocol.ts';
import { type Lab, type OpenLab, openLab } from '../lab.ts';

interface DriverModule {
  readonly prepare?: (lab: Lab) => unknown;
  readonly drive: (lab: Lab) => unknown;
}

let open: OpenLab | undefined;
let driver: DriverModule | undefined;
const say = (event: DriverEvent): void => void process.send?.(event);

async function prepare(start: DriverStart): Promise<void> {
  open = openLab({ ...start, alert: () => say({ type: 'alert' }) });
  driver = (await import(pathToFileURL(start.file).href)) as DriverModule;
  await driver.prepare?.(open.lab);
  say({ type: 'prepared', env: open.lab.env, names: open.lab.names });
}

function drive(target: { readonly url: string; readonly port: number; readonly pid: number }): void {
  if (open === undefined || driver === undefined) return;
  Object.assign(open.lab, { url: target.url, port: target.port, pid: target.pid });
  say({ type: 'driving' });
  const { lab } = open;
  Promise.resolve()
    .then(() => driver?.drive(lab))
    .catch((error: unknown) => {
      if (!lab.signal.aborted) say({ type: 'failed', reason: String((error as Error)?.stack ?? error) });
    });
}

async function end(): Promise<void> {
  await open?.end();
  say({ type: 'ended' });
  process.disconnect();
}

process.on('message', (command: DriverCommand) => {
  if (command.type === 'prepare')
    prepare(command.start).catch((error: unknown) =>
      say({ type: 'failed', reason: String((error as Error)?.stack ?? error) }),
    );
  else if (command.type === 'drive') drive(command);
  else void end();
});
// The runner is gone: nobody would ask for the end.
process.once('disconnect', () => void open?.end().then(() => process.exit(0)));
