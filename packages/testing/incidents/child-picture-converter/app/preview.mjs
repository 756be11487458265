// A preview: 16 by 16 fields, each the nearest colour of the palette.
const SIDE = 16;

export function previewIn(palette, bytes) {
  const step = Math.max(1, Math.floor(bytes.length / (SIDE * SIDE)));
  const fields = [];
  for (let field = 0; field < SIDE * SIDE; field += 1) {
    const grey = bytes[(field * step) % bytes.length] ?? 0;
    fields.push(nearest(palette.colours, grey));
  }
  return fields.join('');
}

function nearest(colours, grey) {
  let best = colours[0];
  for (const colour of colours) if (Math.abs(colour.grey - grey) < Math.abs(best.grey - grey)) best = colour;
  return best.sign;
}
