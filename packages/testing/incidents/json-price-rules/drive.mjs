// Customers ask for quotes, and the back office looks at the audit.

export async function drive(lab) {
  const auditing = lab.every(200, () => lab.request('/audit'));
  const health = lab.every(500, () => lab.request('/health'));
  const quoting = lab.every(900, () =>
    lab.request('/quotes', {
      method: 'POST',
      body: JSON.stringify({
        customer: `customer-${Math.floor(lab.random() * 1_200)}`,
        items: Array.from({ length: 12 }, () => ({
          sku: `a${Math.floor(lab.random() * 5_000)}`,
          amount: 1 + Math.floor(lab.random() * 60),
        })),
      }),
    }),
  );
  await Promise.all([auditing, health, quoting]);
}
