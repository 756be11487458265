/** Ten quotes a second for addresses all over the city, most of them asked before. */
export async function drive(lab) {
  const usual = Array.from({ length: 40 }, () => addressOf(lab));
  let count = 0;
  await lab.every(100, () => {
    count += 1;
    if (count % 20 === 0) return lab.request('/zones');
    const at = count % 5 > 0 ? usual[count % usual.length] : addressOf(lab);
    const body = JSON.stringify({
      ...at,
      parcel: { grams: 500 * (1 + (count % 4)), express: count % 5 === 0 },
    });
    return lab.request('/quotes', { method: 'POST', body });
  });
}

const addressOf = ({ random }) => ({
  x: Math.round(random() * 4_800) / 100,
  y: Math.round(random() * 3_600) / 100,
});
