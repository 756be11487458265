// A request of the Messages API as the row of blocks that a provider reads: tools, system prompt, messages. Pure.
import type { Block, Markable, MessagesRequest } from './messages-request.ts';

export interface PromptBlock {
  /** The same for the same content at the same place; where cache_control stands is not part of it. */
  readonly identity: string;
  /** What a model reads of it. */
  readonly text: string;
  readonly isBreakpoint: boolean;
}

export function promptBlocks({ tools = [], system = '', messages }: MessagesRequest): readonly PromptBlock[] {
  const systemBlocks = typeof system === 'string' ? [{ text: system }] : system;
  return [
    ...tools.map((tool) =>
      blockOf('tool', tool, [tool.name, tool.description ?? '', JSON.stringify(tool.input_schema)]),
    ),
    ...systemBlocks.map((block) => blockOf('system', block, [block.text])),
    ...messages.flatMap(({ role, content }) => {
      const blocks: readonly Block[] =
        typeof content === 'string' ? [{ type: 'text', text: content }] : content;
      return blocks.map((block) => blockOf(role, block, textsOf(block)));
    }),
  ];
}

function blockOf(place: string, block: Markable, texts: readonly string[]): PromptBlock {
  const { cache_control: mark, ...content } = block;
  return {
    identity: `${place} ${JSON.stringify(content)}`,
    text: texts.join('\n'),
    isBreakpoint: mark !== undefined,
  };
}

/** Ids of calls are for the API: a model reads calls and results in their order. */
function textsOf(block: Block): readonly string[] {
  switch (block.type) {
    case 'text':
      return [block.text];
    case 'tool_use':
      return [block.name, JSON.stringify(block.input)];
    case 'tool_result': {
      const { content } = block;
      return typeof content === 'string' ? [content] : content.map(({ text }) => text);
    }
    default:
      return block satisfies never;
  }
}
