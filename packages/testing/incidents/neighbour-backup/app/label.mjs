// One label: its code with check digits, and the drawing.
import { createHash } from 'node:crypto';

const HEIGHT = 60;
const ROUNDS = 2_500;

export function labelOf({ carrier, parcel, city }) {
  const code = `${carrier.prefix}${parcel.padStart(12, '0')}${checkDigits(carrier.prefix + parcel)}`;
  const bars = barsOf(code)
    .map(({ x, width }) => `<rect x="${x}" y="0" width="${width}" height="${HEIGHT}"/>`)
    .join('');
  return {
    code,
    svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${carrier.width}mm">${bars}<text y="80">${code}</text><text y="95">${city}</text></svg>`,
  };
}

/** The carriers ask for a stretched digest, so that codes cannot be guessed. */
function checkDigits(text) {
  let digest = createHash('sha256').update(text).digest();
  for (let round = 0; round < ROUNDS; round += 1) digest = createHash('sha256').update(digest).digest();
  return (digest.readUInt32BE(0) % 97).toString().padStart(2, '0');
}

function barsOf(code) {
  const bars = [];
  let x = 0;
  for (const character of code) {
    for (let bit = 6; bit >= 0; bit -= 1) {
      const width = (character.charCodeAt(0) >> bit) & 1 ? 3 : 1;
      if (bit % 2 === 0) bars.push({ x, width });
      x += width;
    }
  }
  return bars;
}
