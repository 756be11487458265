import { describe, expect, test } from 'vitest';
import { redact, redactText } from '../src/redact.ts';

describe('texts', () => {
  test.each([
    ['a bearer header', 'sent Authorization: Bearer abc123def456ghi', 'abc123def456ghi'],
    ['a bearer token alone', 'got Bearer abc123def456ghi back', 'abc123def456ghi'],
    ['basic credentials', 'Basic dXNlcjpwYXNz29= refused', 'dXNlcjpwYXNz29'],
    ['a JWT', 'jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmN', 'eyJzdWIi'],
    ['an AWS key id', 'key AKIAIOSFODNN7EXAMPLE used', 'AKIAIOSFODNN7EXAMPLE'],
    ['an sk- key', 'using sk-ant-api03-abcdefGHIJ1234567890', 'abcdefGHIJ1234567890'],
    ['a GitHub token', 'ghp_abcdefghijklmnopqrst0123456789', 'abcdefghijklmnopqrst'],
    ['URL credentials', 'connect redis://user:hunter2@cache:6379/0', 'hunter2'],
    ['URL credentials with an @', 'postgres://app:p@ss@db/shop', 'p@ss'],
    ['a password in a query', 'POST /login?user=a&password=hunter2&x=1', 'hunter2'],
    ['a password in JSON', '{"user":"a","password":"hunter two"}', 'hunter two'],
    ['a password in escaped JSON', '{\\"password\\":\\"hunter2\\"}', 'hunter2'],
    ['an environment variable', 'DB_PASSWORD=hunter2 node app.js', 'hunter2'],
    ['a token after a colon', 'token: 9f8e7d6c5b4a', '9f8e7d6c5b4a'],
    ['a cookie header', 'Cookie: sid=abc; theme=dark', 'sid=abc; theme=dark'],
    ['a long secret after its word', 'api key 0123456789abcdef0123456789abcdef', '0123456789abcdef'],
    ['a card number', 'paid with 4111 1111 1111 1111 today', '1111 1111'],
    ['a PEM block', '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----', 'MIIEow'],
    ['a PEM block that was cut', 'x -----BEGIN PRIVATE KEY-----\nMIIEow', 'MIIEow'],
  ])('%s is taken out', (_, text, secret) => {
    const safe = redactText(text);
    expect(safe).toContain('[redacted]');
    expect(safe).not.toContain(secret);
  });

  test('what surrounds a secret stays', () => {
    expect(redactText('connect redis://user:hunter2@cache:6379/0 failed')).toBe(
      'connect redis://[redacted]@cache:6379/0 failed',
    );
    expect(redactText('POST /login?user=a&password=hunter2&x=1')).toBe(
      'POST /login?user=a&password=[redacted]&x=1',
    );
  });

  const stack = `TypeError: Cannot read properties of undefined (reading 'token')
    at checkPassword (/app/src/auth/password.js:12:5)
    at Cookie.parse (/app/node_modules/cookie/index.js:120:13)
    at async Object.authorization [as handler] (file:///app/src/secret-store.ts:4111:11)
    at new Promise (<anonymous>)
    at node:internal/process/task_queues:105:5
    at validateSessionTokenForUser2 (webpack://shop/./node_modules/@scope/jwt/dist/token.mjs:1:20345)`;

  test.each([
    ['a stack', stack],
    ['a listening line', 'listening on http://localhost:3000/@vite/client'],
    ['an epoch in ms', 'at 1764000000000 and 1764000000123456'],
    ['a parser error', 'SyntaxError: Unexpected token: name'],
    ['prose about schemes', 'Basic authentication or Bearer tokens are needed'],
    ['an id of ours', 'snapshot 9f8e7d6c5b4a3f2e of investigation 0123456789abcdef'],
    ['a commit', 'built from 0123456789abcdef0123456789abcdef01234567'],
    ['the name of a collection', 'Module: sessionCache holds 48210 entries, tokenCache 12'],
    ['kebab-case names', 'the service sk-catalogue-and-pricing-worker started'],
  ])('%s stays as it is', (_, text) => {
    expect(redactText(text)).toBe(text);
  });

  test.each([
    ['jwt starts', 'eyJ-'],
    ['schemes', 'a://:'],
    ['key words', 'password="'],
    ['escaped quotes', 'password="\\"'],
    ['digits', '4111 '],
    ['PEM starts', '-----BEGIN A-----'],
    ['headers', 'cookie: '],
    ['base64', 'token a1b2c3'],
    ['one letter', 'a'],
  ])('a megabyte of %s takes less than a second', (_, part) => {
    const text = part.repeat(Math.ceil(1_000_000 / part.length));
    const before = process.cpuUsage();
    redactText(text);
    const { user } = process.cpuUsage(before);
    expect(user / 1000).toBeLessThan(1_000);
  });
});

describe('values', () => {
  test.each([
    'password',
    'dbPassword',
    'DB_PASSWORD',
    'authorization',
    'Set-Cookie',
    'apiKey',
    'x-api-key',
    'api_key',
    'privateKey',
    'clientSecret',
    'accessToken',
    'sessionId',
    'awsSecretAccessKey',
  ])('the value under "%s" is taken out', (key) => {
    expect(redact({ [key]: 'plain words', other: 'plain words' })).toEqual({
      [key]: '[redacted]',
      other: 'plain words',
    });
  });

  test.each([
    ['inputTokens', 812],
    ['hasPassword', true],
    ['passwordLength', 12],
    ['tokenCache', 'Map(12)'],
    ['sessionCache', 'Map(12)'],
    ['file', '/app/src/password.js'],
    ['/app/src/password.js', 'Map(12)'],
    ['monkeys', 3],
    ['cookies', null],
  ])('%s: %s stays', (key, value) => {
    expect(redact({ [key]: value })).toEqual({ [key]: value });
  });

  test('reaches into lists and objects, takes out whole objects under a secret key, keeps the shape', () => {
    expect(
      redact({
        list: [{ headers: { cookie: ['a=b'], host: 'x' } }],
        credentials: { user: 'a' },
        n: [1, null],
      }),
    ).toEqual({
      list: [{ headers: { cookie: '[redacted]', host: 'x' } }],
      credentials: '[redacted]',
      n: [1, null],
    });
  });

  test('a secret that is itself a key is taken out', () => {
    expect(redact({ 'redis://user:hunter2@cache': 1 })).toEqual({ 'redis://[redacted]@cache': 1 });
  });
});
