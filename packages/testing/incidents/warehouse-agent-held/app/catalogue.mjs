// What is sold. The texts are the same for a whole family of products.
const FAMILIES = ['lamp', 'chair', 'table', 'shelf'];
const EACH = 50;

const products = new Map(
  FAMILIES.flatMap((family, index) =>
    Array.from({ length: EACH }, (_, number) => [
      `${family}-${number}`,
      { sku: `${family}-${number}`, family, cents: 1_999 + 500 * index + 10 * number },
    ]),
  ),
);

export const productOf = (sku) => products.get(sku);
