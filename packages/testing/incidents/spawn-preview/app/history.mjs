// What happened lately, for support: in memory, and in the log.

export function createHistory(capacity) {
  const events = [];
  return {
    add(kind, fields) {
      const event = { at: new Date().toISOString(), kind, ...fields };
      events.push(event);
      if (events.length > capacity) events.shift();
      console.log(JSON.stringify(event));
    },
    newest: () => events.slice(-20).reverse(),
  };
}
