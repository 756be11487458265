// Lines as our log pipeline reads them: pino's numbers for levels, errors under "err".
const LEVELS = { info: 30, warn: 40, error: 50 };

const serialized = ({ err, ...fields }) =>
  err === undefined ? fields : { ...fields, err: { type: err.name, message: err.message, stack: err.stack } };

const write = (level, name, fields, msg) =>
  process.stdout.write(
    `${JSON.stringify({ level: LEVELS[level], time: Date.now(), name, ...serialized(fields), msg })}\n`,
  );

export const createLogger = (name) => ({
  info: (fields, msg) => write('info', name, fields, msg),
  warn: (fields, msg) => write('warn', name, fields, msg),
  error: (fields, msg) => write('error', name, fields, msg),
});
