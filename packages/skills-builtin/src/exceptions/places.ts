// Where errors come from, in the source as it was written: looked up once for each fingerprint, when it is first seen, so
// that a snapshot need not wait.
import type { CodeLocation, RecorderContext } from '@nodelens/core';
import type { AppFrame } from '../app-frame.ts';
import type { Fingerprint } from './fingerprints.ts';

const KEPT = 1_000;

export interface Places {
  learn(fingerprint: Fingerprint): void;
  /** The innermost frame of the app; as it runs while its source is being looked for. */
  of(fingerprint: Fingerprint): CodeLocation | undefined;
  locate(frame: AppFrame): Promise<CodeLocation>;
}

export function createPlaces(context: Pick<RecorderContext, 'locate'>): Places {
  const known = new Map<string, CodeLocation>();
  const locate = async (frame: AppFrame): Promise<CodeLocation> => {
    try {
      return await context.locate(frame);
    } catch {
      // Without its source map a frame is told as it runs.
      return frame;
    }
  };
  return {
    locate,
    learn(fingerprint) {
      const [frame] = fingerprint.example.ownFrames;
      if (frame === undefined) return;
      void locate(frame).then((place) => {
        if (known.size >= KEPT) known.clear();
        known.set(fingerprint.id, place);
      });
    },
    of: ({ id, example }) => known.get(id) ?? example.ownFrames[0],
  };
}
