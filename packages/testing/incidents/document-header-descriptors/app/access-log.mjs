// One line a request, appended to a file.
import { createWriteStream } from 'node:fs';

export function openAccessLog(path) {
  const stream = createWriteStream(path, { flags: 'a' });
  const line = (text) => stream.write(`${new Date().toISOString()} ${text}\n`);
  return {
    write: ({ method, url, status, ms }) => line(`${method} ${url} ${status} ${ms.toFixed(1)}ms`),
    note: (text) => line(`- ${text}`),
  };
}
