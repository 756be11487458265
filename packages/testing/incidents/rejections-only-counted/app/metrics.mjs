// Counters in the format that the collector scrapes.
const counters = new Map();

export const increment = (name) => void counters.set(name, (counters.get(name) ?? 0) + 1);

export const exposition = () => [...counters].map(([name, value]) => `${name} ${value}`).join('\n');

process.on('unhandledRejection', () => increment('unhandled_rejections_total'));
process.on('warning', () => increment('process_warnings_total'));
