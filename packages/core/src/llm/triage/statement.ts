// Whether two conclusions say the same thing: figures and the line inside a running function move from one look
// to the next, and that is no news. Pure.
import type { Conclusion, Subject } from '../../skill.ts';
import { isAnonymous } from './subject.ts';

export type Statement = Pick<Conclusion, 'severity' | 'observation' | 'hypothesis' | 'subjects'>;

export function isSameStatement(a: Statement, b: Statement): boolean {
  return statementOf(a) === statementOf(b);
}

function statementOf({ severity, observation, hypothesis, subjects }: Statement): string {
  return JSON.stringify([
    severity,
    withoutFigures(observation),
    withoutFigures(hypothesis),
    subjects.map(identityOf),
  ]);
}

const identityOf = (subject: Subject): unknown => [
  subject.kind,
  subject.name,
  subject.file,
  isAnonymous(subject) ? subject.line : undefined,
];

const withoutFigures = (text: string | undefined): string | undefined => text?.replace(/\d[\d.,]*/g, '#');
