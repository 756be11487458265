// Several things that begin together and end together: newest first, and also when one of them cannot begin. Runs on main.

/** @param begin keeps the undo of each thing as soon as it has begun */
export function undoable(begin: (keep: (undo: () => void) => void) => void): () => void {
  const begun = new DisposableStack();
  try {
    begin((undo) => begun.defer(undo));
  } catch (error) {
    begun.dispose();
    throw error;
  }
  return () => begun.dispose();
}
