// A page in the colours of its tenant.
const column = (number) => `<section><h2>News ${number + 1}</h2><p>Nothing new today.</p></section>`;

export function renderPage(tenant, { colour, font, columns }) {
  const body = Array.from({ length: columns }, (_, number) => column(number)).join('');
  return `<!doctype html><title>${tenant}</title><body style="color:${colour};font-family:${font}">${body}</body>`;
}
