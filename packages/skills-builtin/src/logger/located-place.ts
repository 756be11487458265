// A frame as scripts see it: in the source as it was written.
import type { JsonObject, RecorderContext } from '@nodelens/core';
import type { AppFrame } from '../app-frame.ts';

export type Locate = Pick<RecorderContext, 'locate'>;

export async function located(context: Locate, frame: AppFrame): Promise<AppFrame> {
  try {
    const { name, file, line, column } = await context.locate(frame);
    return { name, file, line, column: column ?? frame.column };
  } catch {
    // Without its source map a frame is told as it runs.
    return frame;
  }
}

export async function locatedPlace(context: Locate, frame: AppFrame | undefined): Promise<JsonObject | null> {
  if (frame === undefined) return null;
  const { name, file, line } = await located(context, frame);
  return { name, file, line };
}
