// First file of the recorder thread.
import { workerData } from 'node:worker_threads';
import type { RecorderStart } from '../link.ts';
import { runRecorder } from '../run-recorder.ts';

runRecorder(workerData as RecorderStart);
