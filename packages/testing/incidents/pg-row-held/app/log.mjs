const write = (level, name, msg, fields) =>
  process.stdout.write(
    `${JSON.stringify({ time: new Date().toISOString(), level, name, msg, ...fields })}\n`,
  );

export const createLogger = (name) => ({
  info: (msg, fields) => write('info', name, msg, fields),
  warn: (msg, fields) => write('warn', name, msg, fields),
  error: (msg, fields) => write('error', name, msg, fields),
});
