// One line of JSON for each entry, as the log collector expects them.
const write = (level, logger, msg, fields) =>
  process.stdout.write(
    `${JSON.stringify({ time: new Date().toISOString(), level, logger, msg, ...fields })}\n`,
  );

export const createLogger = (name) => ({
  info: (msg, fields) => write('info', name, msg, fields),
  warn: (msg, fields) => write('warn', name, msg, fields),
  error: (msg, fields) => write('error', name, msg, fields),
});
