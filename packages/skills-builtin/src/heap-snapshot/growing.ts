// Columns of numbers that grow: a snapshot says how many nodes and edges it has, but it is not relied upon.

type Numbers = Uint8Array | Uint32Array | Int32Array;

export interface Growing<T extends Numbers> {
  push(value: number): void;
  /** Every `stride`th of the first `rows * stride` values, from `offset` on. */
  append(values: Float64Array, rows: number, place: { offset: number; stride: number }): void;
  readonly length: number;
  /** A view of what was taken in. */
  taken(): T;
}

export function growing<T extends Numbers>(Kind: new (length: number) => T, expected: number): Growing<T> {
  let items = new Kind(Math.max(16, expected));
  let length = 0;
  const reserve = (count: number): void => {
    if (length + count <= items.length) return;
    const larger = new Kind(Math.ceil((length + count) * 1.5));
    larger.set(items);
    items = larger;
  };
  return {
    push(value) {
      reserve(1);
      items[length++] = value;
    },
    append(values, rows, { offset, stride }) {
      reserve(rows);
      const target = items;
      for (let row = 0, at = offset; row < rows; row += 1, at += stride)
        target[length + row] = values[at] as number;
      length += rows;
    },
    get length() {
      return length;
    },
    taken: () => items.subarray(0, length) as T,
  };
}
