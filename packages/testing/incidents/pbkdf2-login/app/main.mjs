// Accounts: log in, who am I, log out.
import { createServer } from 'node:http';
import { findAccount } from './accounts.mjs';
import { createAttempts } from './attempts.mjs';
import { json, readBody } from './json.mjs';
import { matches } from './passwords.mjs';
import { createTokens } from './tokens.mjs';

const tokens = createTokens({ lifeMs: 120_000, capacity: 5_000 });
const attempts = createAttempts({ allowed: 20, windowMs: 10_000 });

const routes = {
  'GET /health': async () => [200, { up: true }],
  'GET /me': async (request) => {
    const account = tokens.accountOf(request.headers.authorization);
    return account === undefined ? [401, { message: 'log in first' }] : [200, account];
  },
  'POST /login': async (request) => {
    const { mail, password } = await readBody(request);
    if (!attempts.allow(mail)) return [429, { message: 'try again later' }];
    const account = findAccount(mail);
    if (account === undefined || !(await matches(password, account)))
      return [401, { message: 'wrong mail or password' }];
    attempts.forget(mail);
    return [200, { token: tokens.issue(account) }];
  },
  'POST /logout': async (request) => [200, { done: tokens.revoke(request.headers.authorization) }],
};

const server = createServer(async (request, response) => {
  const route = routes[`${request.method} ${request.url}`];
  try {
    const [status, value] = route === undefined ? [404, { message: 'no such route' }] : await route(request);
    json(response, status, value);
  } catch (error) {
    console.error(`${request.method} ${request.url}: ${error.message}`);
    json(response, 500, { message: 'internal error' });
  }
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () =>
  console.log(`listening ${server.address().port}`),
);
