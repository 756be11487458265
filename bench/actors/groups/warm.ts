// One run of an operator in a system that runs, its thread warm, with a model that is done at once, against an empty
// task of piscina with the options that ours has.
import { Piscina } from 'piscina';
import { importCore } from '../core.ts';
import { type OpenGroup, timeOf } from '../group.ts';
import { emptySkill, model, threadOptions, workerFile } from '../subjects.ts';

/** Of one measurement: long enough not to be lost in noise. */
const TASKS = 100;
const RUNS = 10;

async function pool(): Promise<Piscina> {
  return new Piscina({
    filename: workerFile('empty-task').href,
    minThreads: 0,
    maxThreads: 4,
    idleTimeout: 4_000,
    atomics: 'disabled',
    recordTiming: false,
    ...(await threadOptions()),
  });
}

export const open: OpenGroup = async () => {
  const { defineSkill, Nodelens, operator } = await importCore('index');
  const skill = defineSkill(emptySkill);
  const lens = await Nodelens.start({
    model: model('createDone'),
    operators: [{ skill }],
    control: false,
  });
  const [raw, control] = [await pool(), await pool()];
  const run = async (): Promise<void> => {
    const { status, error } = await operator.run(skill, { reason: 'bench' });
    if (status !== 'completed') throw new Error(`a run ended ${status}: ${error?.message}`);
  };
  const each = (count: number, work: () => Promise<unknown>) => async () => {
    // A thread may have gone since its last turn.
    await work();
    return timeOf(async () => {
      for (let done = 0; done < count; done += 1) await work();
    }, count);
  };
  return {
    cases: [
      { name: 'piscina', run: each(TASKS, () => raw.run({})) },
      { name: 'control', run: each(TASKS, () => control.run({})) },
      { name: 'operator', run: each(RUNS, run) },
    ],
    async close() {
      await lens.stop();
      await Promise.all([raw.destroy(), control.destroy()]);
    },
  };
};
