const CUSTOMERS = 400;
const LINES = 80;

function basket(lab) {
  const pick = (count) => 1 + Math.floor(lab.random() * count);
  const lines = Array.from({ length: LINES }, () => ({ sku: `P${pick(3_000)}`, amount: pick(9) }));
  return { customer: `customer-${pick(CUSTOMERS)}`, lines };
}

export async function drive(lab) {
  const browsing = lab.every(200, () => lab.request('/category?name=garden'));
  const quoting = lab.every(20, () => lab.request('/quotes', { method: 'POST', body: basket(lab) }));
  await Promise.all([browsing, quoting]);
}
