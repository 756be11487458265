// The actors under test: as little behaviour as there can be.

/** Adds up what it is told; answers everything it is asked. */
export function createCounter() {
  let total = 0;
  return {
    receive: (message) => {
      if (message.type === 'add') total += message.n;
      else if (message.type === 'total') return total;
      else if (message.type === 'crash') throw new Error('as it was told');
      else return message;
    },
  };
}
