// Lines of JSON on stderr.
const write = (level) => (message, facts) =>
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), level, message, ...facts })}\n`);

export const log = { info: write('info'), warn: write('warn'), error: write('error') };
