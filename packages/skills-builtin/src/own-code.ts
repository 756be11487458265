// Which files are Nodelens' own: those are never to blame and never looked into. The rule of core's recorder/instruments/stack.ts,
// which a probe cannot import without taking all of core onto main.
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(import.meta.url);
/** Where the packages of Nodelens are, side by side: the build moves this code, but not out of its package. */
const PACKAGES = HERE.slice(0, HERE.lastIndexOf(`skills-builtin${HERE.includes('\\') ? '\\' : '/'}`));
const CODE = /^[^\\/]+[\\/](?:src|dist)[\\/]/;
const INSTALLED = /[\\/]node_modules[\\/](?:@nodelens|nodelens)[\\/]/;

/** @param file a path, or a `file:` URL */
export function isOwnCode(file: string): boolean {
  if (INSTALLED.test(file)) return true;
  const path = file.startsWith('file://') ? file.slice('file://'.length) : file;
  return path.startsWith(PACKAGES) && CODE.test(path.slice(PACKAGES.length));
}
