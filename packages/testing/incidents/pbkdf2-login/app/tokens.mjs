// Who has logged in; tokens end with time, and the oldest make room.
import { randomBytes } from 'node:crypto';

export function createTokens({ lifeMs, capacity }) {
  const issued = new Map();
  setInterval(() => {
    for (const [token, { until }] of issued) if (until < Date.now()) issued.delete(token);
  }, 5_000).unref();
  const bare = (header = '') => header.replace(/^Bearer /, '');
  return {
    issue({ mail, name }) {
      const token = randomBytes(18).toString('base64url');
      issued.set(token, { mail, name, until: Date.now() + lifeMs });
      if (issued.size > capacity) issued.delete(issued.keys().next().value);
      return token;
    },
    accountOf(header) {
      const found = issued.get(bare(header));
      return found && { mail: found.mail, name: found.name };
    },
    revoke: (header) => issued.delete(bare(header)),
  };
}
