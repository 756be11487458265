import { board } from './board.mjs';
import { applyChange } from './views.mjs';

/** Resolves with the changes of the view, at the latest after `waitMs`. */
export function nextChange(view, waitMs) {
  return new Promise((resolve) => {
    let count = 0;
    const onChange = (change) => {
      if (!applyChange(view, change)) return;
      count += 1;
      finish();
    };
    const finish = () => {
      board.off('change', onChange);
      clearTimeout(timer);
      resolve(count);
    };
    const timer = setTimeout(finish, waitMs);
    board.on('change', onChange);
  });
}
