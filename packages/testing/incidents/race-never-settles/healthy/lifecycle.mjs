const waiting = new Set();
let isClosing = false;

export function beginToClose() {
  isClosing = true;
  for (const giveUp of waiting) giveUp(undefined);
  waiting.clear();
}

/** What the work gives, or undefined as soon as the service begins to close. */
export async function unlessClosing(work) {
  if (isClosing) return undefined;
  const { promise, resolve } = Promise.withResolvers();
  waiting.add(resolve);
  try {
    return await Promise.race([work, promise]);
  } finally {
    waiting.delete(resolve);
  }
}
