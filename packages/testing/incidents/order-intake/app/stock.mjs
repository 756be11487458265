const reserved = new Int32Array(5_000);

export function reserve(lines) {
  for (const { sku, amount } of lines) reserved[sku % reserved.length] += amount;
}
