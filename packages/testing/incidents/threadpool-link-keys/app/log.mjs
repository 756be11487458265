export const log = (level, text) => console.log(`${new Date().toISOString()} [${level}] ${text}`);
