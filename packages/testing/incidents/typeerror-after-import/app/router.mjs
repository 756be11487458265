// A small router: middleware in order, then the route; what is thrown goes to `onError`.
export function createRouter({ onError }) {
  const middleware = [];
  const routes = [];
  const run = async (context) => {
    for (const step of middleware) await step(context);
    for (const { method, pattern, handler } of routes) {
      const match = context.request.method === method ? pattern.exec(context.path) : null;
      if (match === null) continue;
      context.params = match.groups ?? {};
      return handler(context);
    }
    return { status: 404, body: { error: 'not found' } };
  };
  return {
    use: (step) => void middleware.push(step),
    get: (path, handler) =>
      void routes.push({
        method: 'GET',
        pattern: new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`),
        handler,
      }),
    async handle(request, response) {
      const url = new URL(request.url, 'http://localhost');
      const context = { request, path: url.pathname, query: url.searchParams, params: {} };
      let answer;
      try {
        answer = await run(context);
      } catch (error) {
        answer = onError(error, context);
      }
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer.body));
    },
  };
}
