// The report of a chaos run as people read it. Pure.
import type { PhaseLatency } from './latency.ts';
import type { ChaosReport } from './report.ts';

export function summaryOf(report: ChaosReport): string {
  const { tally, traffic, latency, memory, findings, recoveries } = report;
  return [
    `chaos: seed ${report.seed}, ${(report.chaosMs / 1_000).toFixed(0)} s, node ${report.node}, ${report.scheduled} actions`,
    '',
    `faults begun:   ${listed(tally.faults)}`,
    `runs:           ${listed(tally.runs)}`,
    `recorder ended: ${listed(tally.ends)}`,
    `events:         ${listed(tally.events)}`,
    `came back:      ${Object.entries(recoveries)
      .map(
        ([place, { count, medianMs, maxMs }]) =>
          `${place} ${count} times (median ${ms(medianMs)}, longest ${ms(maxMs)})`,
      )
      .join(', ')}`,
    '',
    `requests:       ${traffic.sent} sent at ${traffic.perSecond}/s, ${traffic.answered} answered ${listed(traffic.failures)}`,
    `latency calm:   ${phase(latency.calm)}`,
    `latency chaos:  ${phase(latency.chaos)}`,
    `p99 ratio:      ${latency.ratio.toFixed(2)} (${latency.verdict}); others used ${report.foreignCores.toFixed(2)} cores`,
    `memory:         main's heap ${mb(memory.heapBeforeMb)} -> ${mb(memory.heapAfterMb)}; resident ${mb(memory.rssCalmMb)} calm, ${mb(memory.rssChaosMb)} chaos (highest ${mb(memory.rssChaosMaxMb)}, last third by first ${memory.rssTrend.toFixed(2)}), ${mb(memory.rssAfterMb)} after`,
    `findings:       ${findings.acknowledged} acknowledged, ${findings.kept} kept, ${findings.lost.length} lost (by ${findings.source})`,
    `stop:           ${ms(report.stopMs)}; ${report.zombies} zombies`,
    '',
    report.violations.length === 0
      ? 'Every invariant held.'
      : `${report.violations.length} violations:\n${report.violations.map((what) => `  - ${what}`).join('\n')}`,
  ].join('\n');
}

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([what, count]) => `${what} ${count}`)
    .join(', ');

const phase = (latency: PhaseLatency): string => {
  const {
    windows,
    disturbed,
    requests,
    p50Ms,
    p99Ms,
    windowP99Ms,
    maxMs,
    rawP99Ms,
    mainBusyMs,
    mainStarvedMs,
  } = latency;
  const spread = windowP99Ms.map(ms).join(' / ');
  return [
    `p50 ${ms(p50Ms)}, p99 ${ms(p99Ms)}, max ${ms(maxMs)} of ${requests} requests`,
    `p99 of ${windows} windows ${spread}`,
    `${disturbed} windows left out (p99 with them ${ms(rawP99Ms)})`,
    `of each second main computed ${ms(mainBusyMs)} and lacked a core for ${ms(mainStarvedMs)}`,
  ].join('; ');
};

const ms = (value: number): string => (value < 100 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`);
const mb = (value: number): string => `${value.toFixed(1)} MB`;
