// First file of the recorder thread.
import { workerData } from 'node:worker_threads';
import { controlDesk } from '../../system/control-desk.ts';
import { withHub } from '../../system/hub.ts';
import { serveModels } from '../../system/model-desk.ts';
import { createResidentDesk } from '../../system/resident-desk.ts';
import { scheduleDesk } from '../../system/schedule-desk.ts';
import { stallNews } from '../../system/stall-news.ts';
import { watchDesk } from '../../system/watch-desk.ts';
import { webhookDesk } from '../../system/webhook-desk.ts';
import type { RecorderStart } from '../link.ts';
import { runRecorder } from '../run-recorder.ts';

const residents = createResidentDesk();

runRecorder(
  workerData as RecorderStart,
  [withHub([controlDesk, scheduleDesk, webhookDesk, watchDesk(residents), stallNews])],
  {
    residents: residents.service,
    models: serveModels,
  },
);
