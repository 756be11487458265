// The process that is recorded: the demo's shop with the recorder attached. A thread of its own asks the skills, so
// that a blocked main cannot delay it. Arguments: file, ms until it begins, samples, ms
// between them.
import { MessageChannel, Worker } from 'node:worker_threads';
import { defaultOperators } from '../../../../packages/cli/src/defaults.ts';
import { startRecorder } from '../../../../packages/core/src/recorder/recorder.ts';
import type { SkillSpec } from '../../../../packages/core/src/skill.ts';
import { bareInit } from '../../../../packages/core/test/recorder/fixtures/bare-init.ts';

const [, , file = '', beginMs = '0', samples = '0', everyMs = '1000'] = process.argv;
// The shop reads the rest.
process.argv.splice(2, 4);
const skills = defaultOperators().map(({ skill }) => skill as SkillSpec);
const recorder = startRecorder({ skills, init: bareInit });
await recorder.ready;
const { port1, port2 } = new MessageChannel();
recorder.connect('skills', port2);
await import('../../../../apps/demo/src/shop/server.ts');
new Worker(new URL('./asker.ts', import.meta.url), {
  workerData: {
    port: port1,
    file,
    beginMs: Number(beginMs),
    samples: Number(samples),
    everyMs: Number(everyMs),
    skills: skills.map(({ id }) => id),
  },
  transferList: [port1],
}).once('exit', (code) => process.exit(code));
