const write = (level, component, msg, fields) =>
  process.stdout.write(`${JSON.stringify({ ts: Date.now(), level, component, msg, ...fields })}\n`);

export const createLogger = (component) => ({
  info: (msg, fields) => write('info', component, msg, fields),
  error: (msg, fields) => write('error', component, msg, fields),
});
