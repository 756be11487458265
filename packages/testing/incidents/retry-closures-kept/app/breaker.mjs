import { EventEmitter } from 'node:events';

/** Opens after so many failures in a row, and lets one attempt through when it has rested. */
export function createBreaker({ failures, restMs }) {
  const events = new EventEmitter();
  let inARow = 0;
  let lastFailureAt = 0;
  return {
    events,
    isOpen: () => inARow >= failures && Date.now() - lastFailureAt < restMs,
    failed() {
      inARow += 1;
      lastFailureAt = Date.now();
    },
    succeeded() {
      const wasOpen = inARow >= failures;
      inARow = 0;
      if (wasOpen) events.emit('closed');
    },
  };
}
