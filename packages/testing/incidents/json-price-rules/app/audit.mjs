// What was quoted, for the back office: the last entries in memory, all of them in the log.

const KEPT = 200;
let entries = [];

export function audit(kind, fields) {
  const entry = { at: new Date().toISOString(), kind, ...fields };
  entries = [...entries.slice(1 - KEPT), entry];
  console.log(JSON.stringify(entry));
}

export const recentEntries = (count) => entries.slice(-count);
