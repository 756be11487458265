// Customers of six countries order and look at their orders; a collector scrapes the counters.
const LOCALES = ['en', 'de', 'fr', 'it', 'fr-CA', 'nl'];

export async function prepare(lab) {
  let messages = 0;
  const mail = await lab.serve((request, response) => {
    request.resume();
    messages += 1;
    response.statusCode = messages % 25 === 0 ? 503 : 202;
    setTimeout(() => response.end('{}'), 15);
  });
  lab.env.MAIL_URL = mail.url;
}

export async function drive(lab) {
  const pick = (list) => list[Math.floor(lab.random() * list.length)];
  const item = () => ({ name: pick(['tea', 'mug', 'kettle']), price: 4 + lab.random() * 30, count: 1 });
  let customers = 0;
  await Promise.all([
    lab.every(60, async () => {
      customers += 1;
      const customer = { email: `customer${customers}@example.com`, locale: pick(LOCALES) };
      const body = { customer, items: Array.from({ length: 1 + (customers % 4) }, item) };
      const { status, text } = await lab.request('/orders', { method: 'POST', body });
      if (status === 202) await lab.request(`/orders/${JSON.parse(text).id}`);
    }),
    lab.every(1_000, () => lab.request('/metrics')),
  ]);
}
