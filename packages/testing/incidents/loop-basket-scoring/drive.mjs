// Shoppers page through products; a wholesale customer asks for the price of a long basket now and then.

const idsFrom = (first, count) => Array.from({ length: count }, (_, i) => `p${(first + i * 7) % 6000}`);

export async function drive(lab) {
  let page = 0;
  const browsing = lab.every(50, () => {
    page += 1;
    return lab.request(page % 3 === 0 ? `/session?id=s${page % 40}` : `/products?page=${page % 200}`);
  });
  const small = lab.every(400, () => lab.request('/basket/score', basket(lab, 12)));
  const large = lab.every(2_000, () => lab.request('/basket/score', basket(lab, 2_400)));
  await Promise.all([browsing, small, large]);
}

const basket = (lab, count) => ({
  method: 'POST',
  body: JSON.stringify({ ids: idsFrom(Math.floor(lab.random() * 6000), count) }),
});
