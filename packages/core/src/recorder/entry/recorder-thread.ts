// First file of the recorder thread.
import { workerData } from 'node:worker_threads';
import { controlDesk } from '../../system/control-desk.ts';
import { createResidentDesk } from '../../system/resident-desk.ts';
import { stallNews } from '../../system/stall-news.ts';
import { watchDesk } from '../../system/watch-desk.ts';
import type { RecorderStart } from '../link.ts';
import { runRecorder } from '../run-recorder.ts';

const residents = createResidentDesk();

runRecorder(workerData as RecorderStart, [controlDesk, watchDesk(residents), stallNews], {
  residents: residents.service,
});
