// What a member may change of the own profile.
import { isDisplayName, isHandle } from './names.mjs';

const MAX_ABOUT = 2_000;
const LINK = /^https:\/\/[\w.-]+(?:\/[\w./-]*)?$/;

export function checkProfile({ displayName, handle, about = '', links = [] }) {
  const problems = [];
  if (!isDisplayName(displayName)) problems.push('displayName');
  if (!isHandle(handle)) problems.push('handle');
  if (about.length > MAX_ABOUT) problems.push('about');
  if (links.length > 5 || !links.every((link) => LINK.test(link))) problems.push('links');
  return problems;
}
