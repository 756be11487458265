// Routes by method and path; bodies and answers are JSON.

const MAX_BODY_BYTES = 200_000;

async function bodyOf(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw Object.assign(new Error('body too large'), { status: 413 });
    chunks.push(chunk);
  }
  return bytes === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

export function createRouter() {
  const routes = new Map();
  const answer = async (request) => {
    const { pathname, searchParams } = new URL(request.url, 'http://local');
    const route = routes.get(`${request.method} ${pathname}`);
    if (route === undefined) throw Object.assign(new Error('not found'), { status: 404 });
    const body = request.method === 'POST' ? await bodyOf(request) : {};
    return route({ query: searchParams, body });
  };
  return {
    get: (path, route) => routes.set(`GET ${path}`, route),
    post: (path, route) => routes.set(`POST ${path}`, route),
    async handle(request, response) {
      try {
        const text = JSON.stringify(await answer(request));
        response.setHeader('content-type', 'application/json').end(text);
      } catch (error) {
        response.statusCode = error.status ?? 500;
        response.end(JSON.stringify({ message: error.message }));
      }
    },
  };
}
