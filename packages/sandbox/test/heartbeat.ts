// Measures how long the event loop of a test stood still.

/** Starts to watch; the returned function stops and gives the longest gap in ms. */
export function watchLoop(): () => number {
  let last = performance.now();
  let longest = 0;
  const beat = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(beat, 5);
  return () => {
    clearInterval(timer);
    beat();
    return longest;
  };
}
