// What members may be called, and how they are addressed.

const DISPLAY_NAME = /^[\p{L}\d'-]+(?:\s[\p{L}\d'-]+)*\s?$/u;
const HANDLE = /^[a-z][a-z0-9_]{2,23}$/;
const MAX_LENGTH = 80;

/** Words of letters, digits, dashes and apostrophes. */
export function isDisplayName(name) {
  return typeof name === 'string' && name.length <= MAX_LENGTH && DISPLAY_NAME.test(name);
}

export const isHandle = (handle) => typeof handle === 'string' && HANDLE.test(handle);

export const initials = (name) =>
  name
    .split(/\s+/)
    .map(([first = '']) => first.toUpperCase())
    .join('')
    .slice(0, 3);
