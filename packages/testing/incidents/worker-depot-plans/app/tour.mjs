// A short tour by the nearest neighbour, then improved by turning parts of it around.
const ROUNDS = 6;

const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);

export function shortTour(depot, stops) {
  const tour = nearestFirst(depot, stops);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let from = 1; from < tour.length - 2; from += 1) {
      for (let to = from + 1; to < tour.length - 1; to += 1) {
        const now = distance(tour[from - 1], tour[from]) + distance(tour[to], tour[to + 1]);
        const turned = distance(tour[from - 1], tour[to]) + distance(tour[from], tour[to + 1]);
        if (turned < now) tour.splice(from, to - from + 1, ...tour.slice(from, to + 1).reverse());
      }
    }
  }
  return tour;
}

function nearestFirst(depot, stops) {
  const left = [...stops];
  const tour = [];
  let here = depot;
  while (left.length > 0) {
    let nearest = 0;
    for (let index = 1; index < left.length; index += 1)
      if (distance(here, left[index]) < distance(here, left[nearest])) nearest = index;
    [here] = left.splice(nearest, 1);
    tour.push(here);
  }
  return tour;
}
