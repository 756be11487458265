const WORDS = 'the quick brown fox jumps over the lazy dog while seven wizards box'.split(' ');

/** One job in three is lost on its way through the farm. */
export async function prepare(lab) {
  const farm = await lab.serve((request, response) => {
    const job = new URL(request.url, 'http://farm').searchParams.get('job');
    response.statusCode = 202;
    response.end();
    if (lab.random() < 0.34) return;
    const ms = 20 + Math.floor(lab.random() * 80);
    setTimeout(() => void lab.request(`/replies?job=${job}`, { method: 'POST', body: { ms } }), ms);
  });
  lab.env.FARM_URL = farm.url;
  lab.names.farm = farm.address;
}

export async function drive(lab) {
  const document = () => ({
    title: `letter ${Math.floor(lab.random() * 1_000)}`,
    words: Array.from({ length: 2_400 }, () => WORDS[Math.floor(lab.random() * WORDS.length)]),
  });
  await lab.every(25, () => lab.request('/render', { method: 'POST', body: document() }));
}
