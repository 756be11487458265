// The sentences of an operator's prompt that matter for what it does next, in the order in which they are followed.
import type { JsonObject } from '../../src/json.ts';
import { call, type Rule, type View } from './rule.ts';

interface Snapshot {
  readonly id: string;
  readonly skill: string;
  readonly data: JsonObject;
}

interface Breach {
  readonly figure: string;
  readonly value: number;
  readonly limit: number;
}

const snapshotOf = (view: View): Snapshot | undefined =>
  view.of('take_snapshot').at(-1)?.content as unknown as Snapshot | undefined;

/** Figures of the latest snapshot beyond a limit that the prompt names: `- figure above 70: …`. */
function breaches(view: View): readonly Breach[] {
  const data = snapshotOf(view)?.data ?? {};
  return [...view.system.matchAll(/^- (\w+) above ([\d.]+)/gm)]
    .map(([, figure = '', limit]) => ({ figure, value: Number(data[figure]), limit: Number(limit) }))
    .filter(({ value, limit }) => value > limit);
}

/** Callbacks that the prompt documents and that can be called without arguments. */
const callbacks = ({ system }: View): readonly string[] =>
  [...system.slice(system.indexOf('# Callbacks of your domain')).matchAll(/^- (\w+)\(\):/gm)].map(
    ([, name = '']) => name,
  );

function script(view: View): string {
  const lines = callbacks(view).map((name) => `found.${name} = await ${name}();`);
  return ['const found = {};', ...lines, 'return found;'].join('\n');
}

function report(view: View): JsonObject {
  const snapshot = snapshotOf(view);
  const found = breaches(view);
  const figures = found.map(({ figure, value, limit }) => `${figure} is ${value}, above ${limit}`).join('; ');
  const hedge = view.says(/no hedge words/) ? '' : 'It is probably so: ';
  return {
    type: `${snapshot?.skill}.limit_exceeded`,
    severity: found.some(({ figure, value }) => /Percent$/.test(figure) && value > 90)
      ? 'critical'
      : 'warning',
    context: `${hedge}The snapshot was taken in the running process.`,
    observation: `${hedge}${figures}.`,
    hypothesis: 'Something may hold too much.',
    snapshot_ids: view.says(/with the ids of the snapshots/) ? [snapshot?.id ?? ''] : [],
    subjects: [{ kind: 'process', name: 'main' }],
  };
}

export const operatorRules: readonly Rule[] = [
  {
    says: /take_snapshot first/,
    asks: (view) => (snapshotOf(view) === undefined ? [call('take_snapshot')] : []),
  },
  {
    says: /gather evidence with execute before you conclude/,
    asks: (view) =>
      breaches(view).length > 0 && callbacks(view).length > 0 && view.of('execute').length === 0
        ? [call('execute', { code: script(view) })]
        : [],
  },
  {
    says: /send_notification for each anomaly/,
    asks: (view) =>
      breaches(view).length > 0 && view.of('send_notification').length === 0
        ? [call('send_notification', report(view))]
        : [],
  },
  {
    says: /set_state, then done/,
    asks: (view) =>
      view.of('set_state').length === 0
        ? [
            call('set_state', {
              state: breaches(view).length > 0 ? 'warning' : 'healthy',
              reason: 'As seen.',
            }),
          ]
        : [],
  },
];
