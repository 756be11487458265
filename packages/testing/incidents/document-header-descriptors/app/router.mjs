// Which request is answered by what. Errors with a status are for the client, all others are ours.
const MAX_LISTED = 50;

export function createRouter(archive) {
  const routes = [
    [/^\/documents$/, () => ({ documents: archive.names().slice(0, MAX_LISTED) })],
    [/^\/documents\/([\w.-]+)$/, ([, name]) => archive.describe(name)],
    [/^\/health$/, () => ({ ok: true })],
  ];
  return {
    async answer({ url }) {
      for (const [pattern, handle] of routes) {
        const match = pattern.exec(url);
        if (match === null) continue;
        try {
          return { status: 200, body: await handle(match) };
        } catch (error) {
          return { status: error.status ?? 500, body: { error: error.message } };
        }
      }
      return { status: 404, body: { error: 'not found' } };
    },
  };
}
