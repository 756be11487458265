const SECTIONS = 24;

/** From the content store; made up on the fly here. */
export function articleOf(id) {
  return {
    id,
    title: `Article ${id}`,
    sections: Array.from({ length: SECTIONS }, (_, index) => ({
      heading: `Part ${index + 1} of article ${id}`,
      text: `What article ${id} says in part ${index + 1}: ${'lorem ipsum dolor sit amet '.repeat(3)}`,
    })),
  };
}
