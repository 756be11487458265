import { toHtml } from 'plainmark';

const layout = (title, content) =>
  `<!doctype html><html><head><title>${title}</title></head><body><main>${content}</main></body></html>`;

export function renderPage({ title, body }) {
  return layout(title, toHtml(body, { headings: true }));
}
