// `npm start`: an app that listens to Alertmanager and prints what its alerts are about. ALERT_TOKEN is Alertmanager's
// credential; WEBHOOK_URL and WEBHOOK_SECRET (whsec_…), if given, are told of insights.
import { createServer } from 'node:http';
import { defaultOperators, Nodelens } from 'nodelens';
import { createAlertEndpoint } from './alert-endpoint.ts';

const { ALERT_TOKEN: token, PORT: port = '9094', WEBHOOK_URL: url, WEBHOOK_SECRET: secret } = process.env;
if (token === undefined) throw new Error('ALERT_TOKEN is not set.');

const operators = defaultOperators();
const webhooks = url === undefined ? [] : [{ url, secret }];
const lens = await Nodelens.start({ operators, webhooks });
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const server = createServer(
  createAlertEndpoint({
    coordinator: lens.coordinator,
    token,
    skills: operators.map(({ name, skill }) => name ?? skill.id),
    onResult({ reason, status, notifications, insights }) {
      print(`${reason}: ${status}`);
      for (const { summary, confidence } of insights) print(`  insight (${confidence}): ${summary}`);
      for (const { operator, observation } of notifications) print(`  ${operator}: ${observation}`);
    },
    onError: (error) => print(`not investigated: ${error}`),
  }),
);
server.listen(Number(port), () => print(`Alertmanager may post to http://127.0.0.1:${port}/`));
process.once('SIGINT', () => server.close(() => void lens.stop()));
