import { expect, test } from 'vitest';
import { callOf, peerOf, peerOfCall, routeOf } from '../../src/requests/route-name.ts';

test.each([
  ['/', '/'],
  ['/orders', '/orders'],
  ['/api/v1/orders/17/items', '/api/v1/orders/:id/items'],
  ['/users/3f2b8c1e-9d4a-4b6e-8f70-1a2b3c4d5e6f', '/users/:id'],
  ['/carts/507f1f77bcf86cd799439011', '/carts/:id'],
  ['/files/01ARZ3NDEKTSV4RRFFQ69G5FAV', '/files/:id'],
  ['/people/ada@example.org/mails', '/people/:id/mails'],
  ['/people/ada%40example.org', '/people/:id'],
  ['/customers/cus_9s6XKzkNRiz8i3', '/customers/:id'],
  ['/2026-11-24/report', '/:id/report'],
  ['/blog/a-very-long-title-of-something-that-was-written', '/blog/:id'],
  ['/search/caf%C3%A9', '/search/:id'],
  ['/deadbeef', '/deadbeef'],
  ['/static/app.js', '/static/app.js'],
  ['/oauth2/token', '/oauth2/token'],
  ['', ''],
])('%s is the route %s', (path, route) => {
  expect(routeOf(path)).toBe(route);
});

test('a path without end is cut', () => {
  expect(routeOf('/a'.repeat(500))).toBe(`${'/a'.repeat(12)}/…`);
});

test.each([
  ['http://prices:8080/quote/7', 'http://prices:8080', 'GET http://prices:8080/quote/:id'],
  ['https://api.example.org', 'https://api.example.org', 'GET https://api.example.org'],
  ['unix:/run/app.sock/v1/7', 'unix:/run/app.sock', 'GET unix:/run/app.sock/v1/:id'],
  ['http://[::1]:3000/a', 'http://[::1]:3000', 'GET http://[::1]:3000/a'],
])('%s is asked of %s', (target, peer, call) => {
  expect(peerOf(target)).toBe(peer);
  expect(callOf('GET', target)).toBe(call);
  expect(peerOfCall(call)).toBe(peer);
});
