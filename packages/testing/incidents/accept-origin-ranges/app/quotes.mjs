// Distance by rate, plus what the port takes.
const PORTS = { hamburg: [53.5, 10], rotterdam: [51.9, 4.5], oslo: [59.9, 10.7], gdansk: [54.3, 18.6] };
const CENTS_PER_KM = 42;
const PORT_CENTS = 12_000;

export function quoteFor(from = 'hamburg', to = 'oslo') {
  const [a, b] = [PORTS[from] ?? PORTS.hamburg, PORTS[to] ?? PORTS.oslo];
  const km = Math.hypot((a[0] - b[0]) * 111, (a[1] - b[1]) * 65);
  return { from, to, km: Math.round(km), cents: Math.round(km * CENTS_PER_KM + PORT_CENTS) };
}
