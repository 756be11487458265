// Previews of documents; the newest of each is kept while there is room.
import { runTool } from './tool.mjs';

const CAPACITY = 100;
const previews = new Map();

export async function renderPreview({ id, title, text }) {
  const pages = await runTool('render', { title, text });
  const preview = { document: id, pages, renderedAt: new Date().toISOString() };
  previews.delete(id);
  previews.set(id, preview);
  if (previews.size > CAPACITY) previews.delete(previews.keys().next().value);
  return preview;
}

export const latestPreview = (id) => previews.get(id);
