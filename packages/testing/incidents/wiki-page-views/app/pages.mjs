// The pages of the wiki, as an export of the team's meeting notes left them.
const TOPICS = ['onboarding', 'releases', 'hiring', 'invoices', 'storage', 'support', 'travel', 'design'];

const pages = new Map(
  Array.from({ length: 120 }, (_, index) => {
    const topic = TOPICS[index % TOPICS.length];
    const id = `${topic}-${index}`;
    const isTranscript = index % 40 === 7;
    const body = isTranscript ? transcript(topic) : notes(topic, index);
    return [id, { id, title: `${topic} ${index}`, body }];
  }),
);

function notes(topic, index) {
  const lines = Array.from(
    { length: 30 + (index % 5) * 10 },
    (_, line) =>
      `- *${topic}* item ${line}: see [the minutes](/pages/${topic}-${line}) and \`${topic}.${line}\``,
  );
  return `# ${topic}\n\n${lines.join('\n')}`;
}

/** Pasted from a chat: one paragraph, times in front as the export writes them. */
function transcript(topic) {
  const lines = Array.from({ length: 1_300 }, (_, line) => {
    const minute = String(line % 60).padStart(2, '0');
    return `[${9 + Math.floor(line / 220)}:${minute} ana: about *${topic}*, point ${line}, I would wait for the others`;
  });
  return `# ${topic}\n\n${lines.join(' ')}`;
}

export const findPage = (id) => pages.get(id);

export const listPages = () => [...pages.values()].map(({ id, title }) => ({ id, title }));
