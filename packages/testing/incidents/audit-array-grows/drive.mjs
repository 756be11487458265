const pick = (lab, count) => Math.floor(lab.random() * count);

function order(lab) {
  const lines = Array.from({ length: 80 }, () => ({
    sku: `S${pick(lab, 2_000)}`,
    amount: 1 + pick(lab, 4),
    text: `to be packed with article ${pick(lab, 100_000)} and delivered to dock ${pick(lab, 90)}`,
  }));
  return { clerk: `clerk-${pick(lab, 30)}`, lines };
}

export async function drive(lab) {
  let placed = 0;
  const placing = lab.every(40, async () => {
    const { status } = await lab.request('/orders', { method: 'POST', body: order(lab) });
    if (status === 201) placed += 1;
  });
  const changing = lab.every(12, () => {
    const id = Math.max(1, placed - pick(lab, 200));
    return lab.request(`/order?id=${id}`, { method: 'POST', body: { clerk: 'clerk-1', note: `call ${id}` } });
  });
  const watching = lab.every(1_000, () => lab.request('/history'));
  await Promise.all([placing, changing, watching]);
}
