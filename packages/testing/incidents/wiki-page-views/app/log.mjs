export function log(level, message, fields = {}) {
  console.log(JSON.stringify({ at: new Date().toISOString(), level, message, ...fields }));
}
