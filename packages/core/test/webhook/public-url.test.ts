import { expect, test } from 'vitest';
import { publicUrl } from '../../src/webhook/public-url.ts';

test.for([
  ['https://example.com/hooks/nodelens', 'https://example.com/hooks/nodelens'],
  ['https://user:pass@example.com:8443/api/v2/in?token=abc#x', 'https://example.com:8443/api/v2/in'],
  ['https://chat.example.com/services/T00000000/B0000/Abc123', 'https://chat.example.com/services/…/…/…'],
  ['https://example.com/6b1f7c1e-0000-4000-8000-000000000000', 'https://example.com/…'],
  ['https://example.com/kqzvxwpbnmtrhgfdscjl-kqzvxwpbnmtrhgfdscjlx', 'https://example.com/…'],
  ['http://127.0.0.1:9000', 'http://127.0.0.1:9000/'],
] as const)('%s is told as %s', ([url, told]) => {
  expect(publicUrl(url)).toBe(told);
});
