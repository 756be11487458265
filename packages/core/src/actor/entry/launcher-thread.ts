// First file of the launcher thread. Its parent sends ConnectMessages and, at the end, `stop`; it answers `stopped`.
import { parentPort, workerData } from 'node:worker_threads';
import { createLauncher } from '../hosts/launcher.ts';
import type { LauncherThreadData, LauncherThreadMessage } from '../hosts/launcher-handle.ts';
import type { ConnectMessage } from '../hosts/services.ts';

if (parentPort === null) throw new Error('launcher-thread runs as a worker thread only');
const parent = parentPort;
const launcher = createLauncher({
  ...(workerData as LauncherThreadData),
  parent: (service, port) =>
    parent.postMessage({ type: 'connect', service, port } satisfies ConnectMessage, [port]),
});
// The listener keeps the thread alive until its parent ends it.
parent.on('message', (message: LauncherThreadMessage) => {
  if (message.type === 'connect') return launcher.connect(message.service, message.port);
  void launcher.close().then(() => parent.postMessage({ type: 'stopped' }));
});
