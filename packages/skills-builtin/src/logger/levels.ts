// The levels of all loggers as six names, and how severe each is. Pure.

export type Level = 'debug' | 'info' | 'unknown' | 'warn' | 'error' | 'fatal';

/** A line without a level is no error until something says so. */
const RANKS: { readonly [level in Level]: number } = {
  debug: 0,
  unknown: 1,
  info: 1,
  warn: 2,
  error: 3,
  fatal: 4,
};

export const LEVELS = Object.keys(RANKS) as readonly Level[];

export const isAtLeast = (level: Level, least: Level): boolean => RANKS[level] >= RANKS[least];

const NAMES: { readonly [name: string]: Level } = {
  trace: 'debug',
  silly: 'debug',
  verbose: 'debug',
  debug: 'debug',
  info: 'info',
  information: 'info',
  log: 'info',
  http: 'info',
  notice: 'info',
  default: 'info',
  warn: 'warn',
  warning: 'warn',
  error: 'error',
  err: 'error',
  severe: 'error',
  fatal: 'fatal',
  critical: 'fatal',
  crit: 'fatal',
  alert: 'fatal',
  emerg: 'fatal',
  emergency: 'fatal',
  panic: 'fatal',
};

/** @param value a name (winston, GCP's severity), pino's and bunyan's tens, or syslog's 0 to 7 */
export function levelOf(value: unknown): Level {
  if (typeof value === 'string') {
    const name = value.toLowerCase();
    if (Object.hasOwn(NAMES, name)) return NAMES[name] ?? 'unknown';
    return /^\d{1,3}$/.test(value) ? levelOf(Number(value)) : 'unknown';
  }
  if (typeof value !== 'number' || !(value >= 0)) return 'unknown';
  return value < 8 ? syslogLevel(value) : tensLevel(value);
}

/** RFC 5424: 0 emergency, 1 alert, 2 critical, 3 error, 4 warning, 5 notice, 6 informational, 7 debug. */
function syslogLevel(severity: number): Level {
  if (severity <= 2) return 'fatal';
  if (severity === 3) return 'error';
  if (severity === 4) return 'warn';
  return severity < 7 ? 'info' : 'debug';
}

function tensLevel(level: number): Level {
  if (level >= 60) return 'fatal';
  if (level >= 50) return 'error';
  if (level >= 40) return 'warn';
  return level >= 30 ? 'info' : 'debug';
}
