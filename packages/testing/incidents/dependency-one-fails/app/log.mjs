const write = (level) => (message, fields) =>
  console.log(JSON.stringify({ time: Date.now(), level, message, ...fields }));

export const log = { info: write('info'), warn: write('warn'), error: write('error') };
