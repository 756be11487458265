// The pages that were looked at last, for the sidebar.
const MAX_ENTRIES = 200;
const viewed = new Map();

export function remember({ id, title }) {
  viewed.delete(id);
  viewed.set(id, { id, title, at: Date.now() });
  if (viewed.size > MAX_ENTRIES) viewed.delete(viewed.keys().next().value);
}

export const recentlyViewed = () => [...viewed.values()].reverse().slice(0, 20);
