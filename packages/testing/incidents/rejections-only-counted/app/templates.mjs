// What customers read, by locale.
const TEMPLATES = {
  en: { subject: (id) => `Your order ${id}`, thanks: 'Thank you for your order!', total: 'Total' },
  de: {
    subject: (id) => `Ihre Bestellung ${id}`,
    thanks: 'Vielen Dank für Ihre Bestellung!',
    total: 'Summe',
  },
  fr: { subject: (id) => `Votre commande ${id}`, thanks: 'Merci de votre commande !', total: 'Total' },
  it: { subject: (id) => `Il tuo ordine ${id}`, thanks: 'Grazie per il tuo ordine!', total: 'Totale' },
};

export function render({ id, customer, items }) {
  const template = TEMPLATES[customer.locale];
  const total = items.reduce((sum, { price, count }) => sum + price * count, 0);
  const lines = items.map(({ name, price, count }) => `${count} x ${name}: ${(price * count).toFixed(2)}`);
  return {
    to: customer.email,
    subject: template.subject(id),
    text: [template.thanks, '', ...lines, `${template.total}: ${total.toFixed(2)}`].join('\n'),
  };
}
