// `npm run demo [-- --fault block|cache|garbage | --healthy]`: the whole story in under a minute. Starts the shop with
// Nodelens attached, sends visitors, waits for an ordinary alert, has it investigated from outside, prints what was
// found, ends everything. Exit 1 if nobody is named (healthy: if anybody is blamed), 2 for a wrong option.
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs, styleText } from 'node:util';
import { type Scenario, type ScenarioName, scenarios } from './faults.ts';
import { createAlarm, createMonitor, show, type Vitals } from './monitor.ts';
import { investigate, type Shop, startShop } from './processes.ts';
import { createSender, everyday, startTraffic, type Traffic } from './traffic.ts';
import { describe, isAllClear, namesCulprit } from './verdict.ts';

/** A reading of the monitor per second; these many to learn what is usual, these many until it gives up. */
const LEARN = 3;
const GIVE_UP = 22;

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const heading = (text: string): void => print(`\n${styleText('bold', text)}`);

function scenarioName(): ScenarioName | undefined {
  try {
    const { values } = parseArgs({
      options: { fault: { type: 'string', default: 'block' }, healthy: { type: 'boolean', default: false } },
    });
    const name = values.healthy ? 'healthy' : values.fault;
    return Object.hasOwn(scenarios, name) ? (name as ScenarioName) : undefined;
  } catch {
    // An unknown option: answered like an unknown fault, with the usage.
    return undefined;
  }
}

/** Shows readings until the monitor raises an alert; answers its words. */
async function untilAlert(read: () => Vitals, onLearnt: () => void): Promise<string> {
  let alarm: ReturnType<typeof createAlarm> = () => undefined;
  for (let count = 1; count <= GIVE_UP; count += 1) {
    await delay(1000);
    const vitals = read();
    print(`  ${show(vitals)}`);
    const alert = alarm(vitals);
    if (alert !== undefined) return alert;
    if (count !== LEARN) continue;
    alarm = createAlarm(vitals);
    onLearnt();
  }
  return 'routine check: is the service healthy?';
}

async function play(shop: Shop, scenario: Scenario): Promise<{ traffic: Traffic; reason: string }> {
  const sender = createSender(shop.url);
  const traffic = startTraffic(sender, everyday, 60_000);
  const reason = await untilAlert(createMonitor(shop.pid, traffic), () => {
    print(`  ... ${scenario.title}`);
    traffic.add(scenario.extra);
    const sendAll = async (): Promise<void> => {
      for (const call of scenario.calls) await sender.send(call);
    };
    // The customer may still be waiting when the demo ends.
    sendAll().catch(() => {});
  });
  return { traffic, reason };
}

async function main(scenario: Scenario): Promise<number> {
  const shop = await startShop(scenario.features);
  let traffic: Traffic | undefined;
  try {
    heading(`The shop runs as process ${shop.pid} with Nodelens attached; what a monitor sees of it:`);
    const played = await play(shop, scenario);
    traffic = played.traffic;
    heading(`Alert: ${played.reason}`);
    print(`  $ nodelens investigate --pid ${shop.pid} --reason "${played.reason}"`);
    const result = await investigate(shop.pid, played.reason);
    heading('Found:');
    for (const line of describe(result)) print(`  ${line}`);
    const { culprit } = scenario;
    const isRight = culprit === undefined ? isAllClear(result) : namesCulprit(result, culprit);
    if (!isRight) print(culprit === undefined ? '  That is a false alarm.' : `  No ${culprit} is named.`);
    return isRight ? 0 : 1;
  } catch (error) {
    print(`  ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    traffic?.stop();
    await shop.stop(2000);
  }
}

const name = scenarioName();
if (name === undefined)
  process.stderr.write('usage: npm run demo [-- --fault block|cache|garbage | --healthy]\n');
process.exitCode = name === undefined ? 2 : await main(scenarios[name]);
