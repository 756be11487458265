const quoted = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export const lineOf = ({ id, label, city, euros }) =>
  [id, quoted(label), quoted(city), euros.toFixed(2)].join(',');
