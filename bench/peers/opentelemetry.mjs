// OpenTelemetry with all its automatic instrumentations, given to `--import`: every span is made, sampled and batched,
// and the exporter throws it away. `auto-instrumentations-node/register` would not do: told to export nothing, it
// makes no spans at all.
import { register } from 'node:module';
import { getNodeAutoInstrumentations } from '@opentelemetry/auto-instrumentations-node';
import { NodeSDK } from '@opentelemetry/sdk-node';

const discard = {
  export: (_spans, done) => done({ code: 0 }),
  shutdown: async () => {},
};

register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
new NodeSDK({ instrumentations: [getNodeAutoInstrumentations()], traceExporter: discard }).start();
