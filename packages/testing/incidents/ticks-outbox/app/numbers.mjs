// Order numbers, ascending.

export function createNumbers(first) {
  let last = first - 1;
  return {
    next() {
      last += 1;
      return last;
    },
  };
}
