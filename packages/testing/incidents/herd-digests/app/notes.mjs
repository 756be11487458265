// The newest notes of each tenant.

const WORDS =
  'invoice order parcel customer asks again late early thanks refund delivery gate code missing damaged box call back monday friday address changed paid twice'.split(
    ' ',
  );

const textOf = (seed) =>
  Array.from({ length: 9 }, (_, i) => WORDS[(seed * 17 + i * i * 5 + i) % WORDS.length]).join(' ');

export function createNotes(tenants, most) {
  const kept = new Map(
    tenants.map((tenant, t) => [
      tenant,
      Array.from({ length: most }, (_, i) => ({ at: i, text: textOf(t * 131 + i * 7) })),
    ]),
  );
  return {
    of: (tenant) => kept.get(tenant) ?? [],
    newest: (tenant, count) => (kept.get(tenant) ?? []).slice(-count),
    add(tenant, text) {
      const notes = kept.get(tenant);
      if (notes === undefined) return;
      notes.push({ at: Date.now(), text: text.slice(0, 200) });
      if (notes.length > most) notes.shift();
    },
  };
}
