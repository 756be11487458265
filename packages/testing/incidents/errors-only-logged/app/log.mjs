const write = (level, logger, message, fields) =>
  process.stdout.write(
    `${JSON.stringify({ timestamp: new Date().toISOString(), level, logger, message, ...fields })}\n`,
  );

export const createLogger = (logger) => ({
  info: (message, fields) => write('info', logger, message, fields),
  warn: (message, fields) => write('warn', logger, message, fields),
  error: (message, fields) => write('error', logger, message, fields),
});
