const TOPICS = ['onboarding', 'releases', 'hiring', 'invoices', 'storage', 'support', 'travel', 'design'];

/** Twenty views a second; one in twelve is of a pasted transcript. */
export async function drive(lab) {
  let count = 0;
  await lab.every(50, () => {
    count += 1;
    if (count % 9 === 0) return lab.request('/recent');
    const index = count % 12 === 0 ? 7 + 40 * (count % 3) : Math.floor(lab.random() * 120);
    return lab.request(`/pages/${TOPICS[index % TOPICS.length]}-${index}`);
  });
}
