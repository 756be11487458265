const LINES = 400;

/** The ledger answers after a moment. */
export async function bookingsOf(account) {
  await new Promise((resolve) => setTimeout(resolve, 5));
  const seed = [...account].reduce((sum, char) => sum + char.charCodeAt(0), 0);
  return Array.from({ length: LINES }, (_, index) => ({
    id: `${account}-${index}`,
    cents: ((seed * (index + 7)) % 20_000) - 9_000,
    day: index % 28,
  }));
}
