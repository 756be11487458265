// Allocation by function as scripts see it: merged by function, in MB, with its share and its nearest callers. Pure.
import type { AllocationView, CodeLocation, JsonObject } from '@nodelens/core';
import { megabytes, round } from './wording.ts';

const MAX_SITES = 12;
const MAX_CALLERS = 5;

export interface SiteFigures {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly mb: number;
  /** Of all that the sampler saw, 0 to 1. */
  readonly share: number;
  readonly callers: readonly JsonObject[];
}

/** Largest first; one entry for each function, with the callers of its largest part. */
export function siteFigures({ sites, totalBytes }: AllocationView): readonly SiteFigures[] {
  const merged = Map.groupBy(sites, ({ name, file, line }) => `${name}\0${file}\0${line}`);
  const figures = [...merged.values()].flatMap((parts): SiteFigures[] => {
    const bytes = parts.reduce((total, part) => total + part.bytes, 0);
    const largest = parts.toSorted((a, b) => b.bytes - a.bytes)[0];
    if (largest === undefined) return [];
    const { name, file, line, callers } = largest;
    const share = totalBytes === 0 ? 0 : round(bytes / totalBytes, 3);
    return [
      { name, file, line, mb: megabytes(bytes), share, callers: callers.slice(0, MAX_CALLERS).map(asFrame) },
    ];
  });
  return figures.sort((a, b) => b.mb - a.mb).slice(0, MAX_SITES);
}

const asFrame = ({ name, file, line }: CodeLocation): JsonObject => ({ name, file, line });
