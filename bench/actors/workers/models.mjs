// Models that cost nothing: one is done at its first answer, one never answers.
const usage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };

export const createDone = () => ({
  name: 'bench/done',
  generate: async () => ({
    text: '',
    toolCalls: [{ id: 'call-1', name: 'done', arguments: {} }],
    stopReason: 'tool_use',
    usage,
  }),
});

export const createSilent = () => ({
  name: 'bench/silent',
  generate: (_request, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    }),
});
