// A collection as what a finding is about; where it is declared is told as far as it is known.
import type { JsonObject, Subject } from '@nodelens/core';
import { numberOf, textOf } from '../evidence.ts';

export function collectionSubject({ name, file, line }: JsonObject, value: number, unit: string): Subject {
  return {
    kind: 'collection',
    name: textOf(name),
    ...(textOf(file) !== '' && { file: textOf(file) }),
    ...(numberOf(line) > 0 && { line: numberOf(line) }),
    value,
    unit,
  };
}
