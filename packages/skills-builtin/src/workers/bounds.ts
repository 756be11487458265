// What of the app's values may be told, and how much of it. Pure.

const MAX_NAME_CHARS = 100;
const MAX_MESSAGE_CHARS = 300;
const MAX_FILE_CHARS = 300;

export const boundedName = (value: unknown): string | undefined => bounded(value, MAX_NAME_CHARS);
export const boundedMessage = (value: unknown): string | undefined => bounded(value, MAX_MESSAGE_CHARS);
export const boundedFile = (value: unknown): string | undefined => bounded(value, MAX_FILE_CHARS);

const bounded = (value: unknown, most: number): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, most) : undefined;
