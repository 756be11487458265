// A webhook's address as it may be told: many carry their secret in the path.

/** Origin and the words of the path; what may be a token is left out, and so are query and credentials. */
export function publicUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.split('/').map(tellable).join('/')}`;
}

/** `api`, `v2`, `incoming-webhooks`. */
const WORD = /^[a-z]{0,20}(?:[-_][a-z]{1,20}){0,3}\d?$/;

const tellable = (segment: string): string => (WORD.test(segment) ? segment : '…');
