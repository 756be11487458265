const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** The parts of the page; the search shows them by themselves. */
export function render({ id, title, sections }) {
  const parts = sections.map(({ heading, text }, index) => ({
    anchor: `#${id}-${index}`,
    heading: escape(heading),
    words: text.split(' '),
    html: `<h2>${escape(heading)}</h2><p>${escape(text)}</p>`,
  }));
  return { id, title: escape(title), parts };
}

export const htmlOf = ({ title, parts }) => `<h1>${title}</h1>${parts.map(({ html }) => html).join('')}`;
