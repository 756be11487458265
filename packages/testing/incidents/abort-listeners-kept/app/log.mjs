const LEVELS = { trace: 20, info: 30, warn: 40, error: 50 };
const threshold = LEVELS[process.env.LOG_LEVEL ?? 'info'] ?? LEVELS.info;

function write(level, message, fields) {
  if (LEVELS[level] < threshold) return;
  process.stdout.write(`${JSON.stringify({ time: Date.now(), level, message, ...fields })}\n`);
}

export const log = {
  info: (message, fields) => write('info', message, fields),
  warn: (message, fields) => write('warn', message, fields),
  error: (message, fields) => write('error', message, fields),
};
