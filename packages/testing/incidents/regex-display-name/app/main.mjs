// Member profiles of a forum.
import { createServer } from 'node:http';
import { createActivity } from './activity.mjs';
import { createMembers } from './members.mjs';
import { checkProfile } from './profile.mjs';
import { readJson, sendJson } from './web.mjs';

const members = createMembers(2_000);
const activity = createActivity();

async function route(request, response) {
  const { pathname } = new URL(request.url, 'http://local');
  if (pathname === '/health') return sendJson(response, 200, { up: true });
  if (pathname === '/online') return sendJson(response, 200, activity.online());
  const id = Number(/^\/members\/(\d+)$/.exec(pathname)?.[1]);
  const member = members.find(id);
  if (member === undefined) return sendJson(response, 404, { message: 'no such member' });
  activity.seen(id);
  if (request.method === 'GET') return sendJson(response, 200, member);
  const profile = await readJson(request);
  const problems = checkProfile(profile);
  if (problems.length > 0) return sendJson(response, 422, { problems });
  return sendJson(response, 200, members.update(id, profile));
}

const server = createServer((request, response) => {
  route(request, response).catch((error) => {
    console.error(JSON.stringify({ level: 'error', message: error.message, url: request.url }));
    sendJson(response, 500, { message: 'internal error' });
  });
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
});
