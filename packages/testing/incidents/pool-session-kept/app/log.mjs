const line = (level, parts) => console.log([new Date().toISOString(), level, ...parts].join(' '));

export const log = {
  info: (...parts) => line('info', parts),
  warn: (...parts) => line('warn', parts),
};
