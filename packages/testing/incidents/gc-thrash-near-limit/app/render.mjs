const escapeHtml = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** The parts of the page; the search shows them by themselves. */
export function render({ id, title, sections }) {
  const parts = sections.map(({ heading, text }, index) => ({
    anchor: `#${id}-${index}`,
    heading: escapeHtml(heading),
    words: text.split(' '),
    html: `<h2>${escapeHtml(heading)}</h2><p>${escapeHtml(text)}</p>`,
  }));
  return { id, title: escapeHtml(title), parts };
}

export const htmlOf = ({ title, parts }) => `<h1>${title}</h1>${parts.map(({ html }) => html).join('')}`;
