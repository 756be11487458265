export const log = (line) => console.log(`${new Date().toISOString()} ${line}`);
