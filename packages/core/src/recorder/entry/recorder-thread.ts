// First file of the recorder thread.
import { workerData } from 'node:worker_threads';
import { controlDesk } from '../../system/control-desk.ts';
import { watchDesk } from '../../system/watch-desk.ts';
import type { RecorderStart } from '../link.ts';
import { runRecorder } from '../run-recorder.ts';

runRecorder(workerData as RecorderStart, [controlDesk, watchDesk]);
