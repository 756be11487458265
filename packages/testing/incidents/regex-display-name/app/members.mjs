// Members, held in memory and written behind by another process.
import { initials } from './names.mjs';

export function createMembers(count) {
  const members = new Map();
  for (let id = 1; id <= count; id += 1) {
    const displayName = `Member ${id}`;
    members.set(id, { id, displayName, handle: `member_${id}`, initials: initials(displayName), version: 1 });
  }
  return {
    find: (id) => members.get(id),
    update(id, { displayName, handle, about, links }) {
      const { version } = members.get(id);
      const member = {
        id,
        displayName,
        handle,
        about,
        links,
        initials: initials(displayName),
        version: version + 1,
      };
      members.set(id, member);
      return member;
    },
  };
}
