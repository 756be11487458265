// Lines of JSON on stdout, as the collector wants them.
const write = (level) => (message, facts) =>
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), level, message, ...facts })}\n`);

export const log = { info: write('info'), warn: write('warn') };
