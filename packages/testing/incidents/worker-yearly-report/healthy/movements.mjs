// What moved, day by day, as the warehouse wrote it down: one line after the other.
const PER_DAY = 2_000;
const ARTICLES = 400;

export function* linesOf(days) {
  for (let day = 0; day < days; day += 1) {
    for (let number = 0; number < PER_DAY; number += 1) yield movement(day, number);
  }
}

function movement(day, number) {
  const article = `A${1 + ((day * 31 + number * 7) % ARTICLES)}`;
  const amount = 1 + ((day + number) % 9);
  return {
    day,
    number,
    article,
    amount: number % 2 === 0 ? amount : -amount,
    note: `${article}/${day}/${number}`,
  };
}
