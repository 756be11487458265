// Lines of JSON on stdout; where they go from there is up to the platform.
const LEVELS = ['trace', 'info', 'warn', 'error'];
const least = LEVELS.indexOf(process.env.LOG_LEVEL ?? 'trace');

function write(level, message, fields) {
  if (LEVELS.indexOf(level) < least) return;
  const line = { time: new Date().toISOString(), level, pid: process.pid, message, ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

export const trace = (message, fields) => write('trace', message, fields);
export const info = (message, fields) => write('info', message, fields);
export const warn = (message, fields) => write('warn', message, fields);
