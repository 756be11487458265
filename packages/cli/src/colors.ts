// Colours for one stream: only on a terminal, and never against NO_COLOR.
import pc from 'picocolors';

export type Colors = ReturnType<typeof pc.createColors>;

export const colorsFor = (stream: { readonly isTTY?: boolean }): Colors =>
  pc.createColors(stream.isTTY === true && pc.isColorSupported);
