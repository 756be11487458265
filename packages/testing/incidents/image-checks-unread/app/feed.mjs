// The feed as marketplaces want it.
const escaped = (text) => String(text).replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const element = (name, value) => `<${name}>${escaped(value)}</${name}>`;

export function renderFeed(articles) {
  const items = articles.map(({ id, title, price, image, imageType }) =>
    [
      '<item>',
      element('id', id),
      element('title', title),
      element('price', price),
      `<image type="${escaped(imageType)}">${escaped(image)}</image>`,
      '</item>',
    ].join(''),
  );
  return `<?xml version="1.0"?><feed>${items.join('\n')}</feed>`;
}
