const write = (level, text, fields) => console.log(JSON.stringify({ level, text, ...fields }));

export const log = {
  info: (text, fields) => write('info', text, fields),
  error: (text, fields) => write('error', text, fields),
};
