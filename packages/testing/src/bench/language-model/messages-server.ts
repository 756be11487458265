// The mock provider behind which a script answers in place of a language model.
import { type MockProvider, startMockProvider } from '../../mock-provider/mock-provider.ts';
import { answerAs } from './scripted-brain.ts';

export const startMessagesServer = (): Promise<MockProvider> =>
  startMockProvider({ answer: (conversation, { startedMs }) => answerAs(conversation, startedMs) });
