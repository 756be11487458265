import { board } from './board.mjs';
import { applyChange } from './views.mjs';

/** Resolves with the changes of the view, at the latest after `waitMs`. */
export function nextChange(view, waitMs) {
  return new Promise((resolve) => {
    let count = 0;
    const onChange = (change) => {
      if (!applyChange(view, change)) return;
      count += 1;
      resolve(count);
    };
    board.on('change', onChange);
    setTimeout(() => resolve(count), waitMs);
  });
}
