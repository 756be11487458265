// Guests without a line on their account ask for their statement about once a second.
export async function prepare(lab) {
  const reservations = await lab.serve((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://reservations.local');
    setTimeout(
      () => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(bodyOf(pathname, searchParams)));
      },
      25 + 30 * lab.random(),
    );
  });
  lab.env.RESERVATIONS_URL = reservations.url;
}

export async function drive(lab) {
  const guest = () => Math.floor(lab.random() * 600);
  const body = () => JSON.stringify({ guest: `g-${guest()}`, room: 100 + Math.floor(lab.random() * 60) });
  lab.every(60, () => lab.request('/rooms?night=2026-12-24', { timeoutMs: 15_000 }));
  lab.every(250, () => lab.request('/bookings', { method: 'POST', body: body(), timeoutMs: 15_000 }));
  lab.every(170, () => lab.request(`/statements/${guest()}`, { timeoutMs: 15_000 }));
  await lab.every(2_000, () => lab.request('/status'));
}

function bodyOf(pathname, query) {
  switch (pathname) {
    case '/rooms':
      return {
        rooms: Array.from({ length: 30 }, (_, n) => ({ number: 100 + n, cents: 9_900, isFree: n % 3 > 0 })),
      };
    case '/holds':
      return { hold: `h-${query.get('room')}` };
    case '/confirmations':
      return { number: `b-${query.get('hold')}` };
    default: {
      const isNew = Number(query.get('guest')) % 6 === 0;
      return { pages: 2, lines: isNew ? [] : [{ text: 'breakfast', cents: 1_900 }] };
    }
  }
}
