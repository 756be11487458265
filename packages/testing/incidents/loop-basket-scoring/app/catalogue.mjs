// Products and what they are tagged with; held in memory, as there are few thousand of them.

const MATERIALS = ['oak', 'steel', 'linen', 'glass', 'wool', 'cork', 'brass', 'clay'];
const ROOMS = ['kitchen', 'bath', 'hall', 'garden', 'office', 'attic', 'cellar'];
const COLOURS = ['red', 'sand', 'navy', 'olive', 'white', 'black', 'plum', 'teal', 'grey'];

function productOf(number) {
  return {
    id: `p${number}`,
    title: `${COLOURS[number % COLOURS.length]} ${MATERIALS[number % MATERIALS.length]} ${number}`,
    cents: 500 + ((number * 7919) % 20_000),
    tags: [
      MATERIALS[number % MATERIALS.length],
      ROOMS[(number * 3) % ROOMS.length],
      COLOURS[(number * 5) % COLOURS.length],
      `series-${number % 311}`,
    ],
  };
}

export function createCatalogue(count) {
  const products = new Map();
  for (let number = 0; number < count; number += 1) products.set(`p${number}`, productOf(number));
  const order = [...products.values()].sort((a, b) => a.cents - b.cents);
  return {
    size: products.size,
    byId: (id) => products.get(id),
    page: (page, length) => order.slice(page * length, (page + 1) * length),
  };
}
