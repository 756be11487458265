// Order books: for each instrument the best offers of both sides.
const INSTRUMENTS = ['GOLD', 'SILVER', 'COPPER', 'WHEAT', 'CORN', 'COFFEE', 'SUGAR', 'COTTON'];
const DEPTH = 60;

const sideOf = (middle, direction) =>
  Array.from({ length: DEPTH }, (_, level) => ({
    price: Number((middle + direction * (level + 1) * 0.05).toFixed(2)),
    size: 100 + Math.floor(Math.random() * 900),
  }));

export function createBooks() {
  const middles = new Map(INSTRUMENTS.map((name, index) => [name, 100 + 25 * index]));
  const book = (name) => ({
    name,
    bids: sideOf(middles.get(name), -1),
    asks: sideOf(middles.get(name), 1),
  });
  return {
    move() {
      for (const [name, middle] of middles) middles.set(name, middle + (Math.random() - 0.5) / 10);
    },
    snapshot: () => INSTRUMENTS.map(book),
    tops: () => Object.fromEntries([...middles].map(([name, middle]) => [name, middle.toFixed(2)])),
  };
}
