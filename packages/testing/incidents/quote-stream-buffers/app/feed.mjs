// The exchange sends a new state of its books twenty times a second; here it is simulated.
const EVERY_MS = 50;

export function startFeed(books, onSnapshot) {
  return setInterval(() => {
    books.move();
    onSnapshot(books.snapshot());
  }, EVERY_MS);
}
