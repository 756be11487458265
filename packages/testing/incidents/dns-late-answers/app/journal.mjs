// The latest deliveries, for support.
const KEPT = 400;
const entries = [];

export function note(entry) {
  entries.push({ at: Date.now(), ...entry });
  if (entries.length > KEPT) entries.shift();
}

export const journal = () => entries.slice(-50);

export const log = (text) => console.log(`${new Date().toISOString()} ${text}`);
