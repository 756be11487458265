// From the eighth second on the fares answer late; reviews always take long, events fail one time in fifty.
const CITIES = ['lisbon', 'oslo', 'turin', 'ghent', 'porto', 'graz', 'malmo', 'bergen'];
const CHANGES_AT_MS = 8_000;
const CHANGED_MS = [450, 1_400];
const USUAL_MS = [8, 30];

const between = (lab, [from, to]) => from + lab.random() * (to - from);

export async function prepare(lab) {
  let startedAt;
  const partner = async (name, msOf, body, statusOf = () => 200) => {
    const served = await lab.serve((_request, response) => {
      startedAt ??= Date.now();
      setTimeout(() => {
        response.writeHead(statusOf(), { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      }, msOf());
    });
    lab.env[`${name.toUpperCase()}_URL`] = served.url;
    lab.names[name] = served.address;
  };
  const items = Array.from({ length: 12 }, (_, index) => ({ id: index, cents: 4_000 + index * 370 }));
  // In the twin they have the variance that networks have: one in twenty takes some ten times as long.
  const usual = () => between(lab, lab.random() < 0.05 ? [90, 220] : USUAL_MS);
  const fares = () => (Date.now() - startedAt < CHANGES_AT_MS ? usual() : between(lab, CHANGED_MS));
  await partner('weather', () => between(lab, [5, 12]), { summary: 'sunny' });
  await partner('fares', lab.isHealthy ? usual : fares, { items });
  await partner('rooms', () => between(lab, [15, 40]), { items });
  await partner(
    'events',
    () => between(lab, [10, 25]),
    { items },
    () => (lab.random() < 0.02 ? 503 : 200),
  );
  await partner('reviews', () => between(lab, [180, 260]), { rating: 4.4 });
}

export async function drive(lab) {
  const city = () => CITIES[Math.floor(lab.random() * CITIES.length)];
  lab.every(60, () => lab.request(`/trips?city=${city()}`));
  lab.every(110, () => lab.request(`/quotes?city=${city()}`));
  await lab.every(1_000, () => lab.request('/health'));
}
