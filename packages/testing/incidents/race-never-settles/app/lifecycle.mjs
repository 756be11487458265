const { promise: closing, resolve: beginToClose } = Promise.withResolvers();

export { beginToClose };

/** What the work gives, or undefined as soon as the service begins to close. */
export const unlessClosing = (work) => Promise.race([work, closing]);
