// Makes the recordings anew: `node --conditions=@nodelens/source bench/cost/record/run.ts [name …]`, a minute and a half
// each. The shop of the demo runs as a process of its own, visited over loopback.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { createSender, startTraffic } from '../../../apps/demo/src/traffic.ts';
import { recordingFile } from '../recording.ts';
import { faults, levels, type RecordingPlan } from './plans.ts';

/** Windows of a minute are filled by then, in ms. */
const BEGIN_MS = 62_000;
const SAMPLES = 30;
const LONGEST_MS = 240_000;
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SUBJECT = fileURLToPath(new URL('./entry/subject.ts', import.meta.url));

async function record(plan: RecordingPlan, folder: string): Promise<void> {
  const file = join(folder, `${plan.name}.jsonl`);
  const { features, everyMs } = plan;
  const task = [file, BEGIN_MS, SAMPLES, everyMs, `--features=${features}`].map(String);
  // What else runs here must not be what is recorded.
  const child = spawn(
    'nice',
    ['-n', '-15', process.execPath, '--conditions=@nodelens/source', SUBJECT, ...task],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  const port = Number(line.split(' ')[1]);
  const visit = visitors(plan, port);
  await ended;
  visit.stop();
  writeFileSync(
    recordingFile(plan.name),
    gzipSync(readFileSync(file, 'utf8').replaceAll(ROOT, '/srv/'), { level: 9 }),
  );
  process.stdout.write(`${plan.name}\n`);
}

/** The usual ones, and from the beginning of the recording on the others too. */
function visitors(plan: RecordingPlan, port: number): { stop(): void } {
  const url = `http://127.0.0.1:${port}`;
  const usual = startTraffic(createSender(url), plan.usual, LONGEST_MS);
  const extra = startTraffic(createSender(url), [], LONGEST_MS);
  const forgotten: Socket[] = [];
  let forgetting: NodeJS.Timeout | undefined;
  const turn = setTimeout(() => {
    extra.add(plan.extra);
    if (plan.isDeserted) usual.stop();
    const { forgottenPerSecond } = plan;
    if (forgottenPerSecond !== undefined)
      forgetting = setInterval(() => {
        const socket = connect(port, '127.0.0.1').on('error', () => undefined);
        forgotten.push(socket);
      }, 1_000 / forgottenPerSecond);
  }, BEGIN_MS);
  return {
    stop() {
      clearTimeout(turn);
      clearInterval(forgetting);
      usual.stop();
      extra.stop();
      for (const socket of forgotten) socket.destroy();
    },
  };
}

const wanted = new Set(process.argv.slice(2));
const folder = mkdtempSync(join(tmpdir(), 'nodelens-record-'));
try {
  for (const plan of [...levels, ...faults])
    if (wanted.size === 0 || wanted.has(plan.name)) await record(plan, folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
