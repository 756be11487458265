// A streamed answer of the AI SDK's language model interface, gathered to the whole one.
import type { LanguageModelV4Content, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { SdkAnswer } from './ai-sdk-wire.ts';

type Metadata = Extract<LanguageModelV4Content, { type: 'text' }>['providerMetadata'];

interface Block {
  readonly type: 'text' | 'reasoning';
  text: string;
  providerMetadata?: NonNullable<Metadata>;
}

/**
 * @param began told at the first token of text, thinking or a call.
 * @throws what the stream tells as an error; an error when it ends before the answer does.
 */
export async function gather(
  stream: ReadableStream<LanguageModelV4StreamPart>,
  began: () => void,
): Promise<SdkAnswer> {
  const content: LanguageModelV4Content[] = [];
  const open = new Map<string, Block>();
  for await (const part of stream) {
    switch (part.type) {
      case 'text-start':
      case 'reasoning-start': {
        const block: Block = { type: part.type === 'text-start' ? 'text' : 'reasoning', text: '' };
        sign(block, part.providerMetadata);
        open.set(part.id, block);
        content.push(block);
        break;
      }
      case 'text-delta':
      case 'reasoning-delta':
      case 'text-end':
      case 'reasoning-end': {
        const block = open.get(part.id);
        if ('delta' in part && block !== undefined) block.text += part.delta;
        sign(block, part.providerMetadata);
        began();
        break;
      }
      case 'tool-input-start':
        began();
        break;
      case 'tool-call':
        content.push(part);
        began();
        break;
      case 'error':
        throw part.error;
      case 'finish':
        return { content, finishReason: part.finishReason, usage: part.usage };
      default:
    }
  }
  throw new Error('stream ended before the answer was complete.');
}

function sign(block: Block | undefined, metadata: Metadata): void {
  if (block !== undefined && metadata !== undefined) block.providerMetadata = metadata;
}
