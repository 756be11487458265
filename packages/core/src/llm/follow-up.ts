// The script of a further look, as it is run: the check's own text behind the time that it may wait.
import type { CheckFinding } from '../check-finding.ts';

const GIVEN = /^const maxWaitMs = \d+; /;

/** On the first line, so that the line numbers of its errors stay right. */
export const followUpCode = (
  { followUp, investigate }: Pick<CheckFinding, 'followUp' | 'investigate'>,
  maxWaitMs: number,
): string => (followUp === undefined ? investigate : `const maxWaitMs = ${maxWaitMs}; ${followUp}`);

/** The check's own text in what was run. */
export const authoredText = (code: string): string => code.replace(GIVEN, '');
