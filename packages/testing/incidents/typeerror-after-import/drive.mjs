// Visitors browse; after a while the supplier adds products of a new kind.
const OLD = 200;
const NEW = 40;
const CHANGE_MS = 6_000;

const product = (id) => ({
  id,
  name: `product ${id}`,
  cents: 500 + id * 7,
  weightG: 80 + ((id * 131) % 4_000),
});

export async function prepare(lab) {
  const products = Array.from({ length: OLD }, (_, id) => ({ ...product(id), packing: { weightG: 120 } }));
  const supplier = await lab.serve((_, response) => response.end(JSON.stringify(products)));
  lab.env.SUPPLIER_URL = supplier.url;
  lab.products = products;
}

export async function drive(lab) {
  const pick = () => Math.floor(lab.random() * lab.products.length);
  await Promise.all([
    lab.every(40, () => lab.request(`/products/${pick()}`)),
    lab.every(90, () => lab.request(`/products?page=${Math.floor(lab.random() * 8)}`)),
    lab.wait(CHANGE_MS).then(() => {
      for (let id = OLD; id < OLD + NEW; id += 1) lab.products.push(product(id));
    }),
  ]);
}
