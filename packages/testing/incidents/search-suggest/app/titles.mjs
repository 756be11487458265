const WORDS = [
  'garden',
  'river',
  'winter',
  'stone',
  'paper',
  'silver',
  'morning',
  'harbour',
  'letter',
  'field',
];

export const titles = Array.from({ length: 4_000 }, (_, index) => {
  const words = [0, 1, 2].map((part) => WORDS[(index * (part + 3) + part * 7) % WORDS.length]);
  return { id: index, title: `${words.join(' ')} ${index}`, year: 1950 + (index % 75) };
});
