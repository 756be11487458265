// A page of dots: A4 at 150 dots an inch.
const WIDTH = 1_240;
const HEIGHT = 1_754;
const LINE_HEIGHT = 24;

export function dotsOf(text) {
  const dots = Buffer.alloc(WIDTH * HEIGHT, 255);
  for (const [number, line] of text.split('\n').entries()) {
    const row = Math.min(HEIGHT - 1, (number + 1) * LINE_HEIGHT);
    for (let column = 0; column < line.length; column += 1)
      dots[row * WIDTH + column] = line.charCodeAt(column);
  }
  return dots;
}
