export function log(level, message, fields = {}) {
  const line = JSON.stringify({ at: new Date().toISOString(), level, message, ...fields });
  if (level === 'error') console.error(line);
  else console.log(line);
}
