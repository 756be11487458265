export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** Rows by one of their fields. */
export const indexBy = (rows, field) => rows.reduce((index, row) => ({ ...index, [row[field]]: row }), {});
