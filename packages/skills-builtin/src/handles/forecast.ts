// How checks word that the limit of descriptors comes near. Pure.
import type { Finding, Severity } from '@nodelens/core';
import { numberOf } from '../evidence.ts';
import { figure } from '../wording.ts';

/** Less than a person needs to come and act. */
const CRITICAL_MINUTES = 10;

const minutesOf = ({ minutesToFdLimit }: Finding): number | undefined =>
  typeof minutesToFdLimit === 'number' ? minutesToFdLimit : undefined;

export function forecast(finding: Finding): string {
  const minutes = minutesOf(finding);
  return minutes === undefined
    ? ''
    : ` At the present growth the limit of ${figure(numberOf(finding.fdLimit))} descriptors is met in ${figure(minutes)} minutes.`;
}

export const severityBy = (finding: Finding): Severity =>
  (minutesOf(finding) ?? Number.POSITIVE_INFINITY) <= CRITICAL_MINUTES ? 'critical' : 'warning';
