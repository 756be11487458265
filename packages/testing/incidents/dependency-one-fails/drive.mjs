// From the sixth second on the assessments fail: two in five with 500, one in ten with a reset.
const CHANGES_AT_MS = 6_000;

export async function prepare(lab) {
  let startedAt;
  const service = async (name, usualMs, body, failing = () => undefined) => {
    const served = await lab.serve((request, response) => {
      startedAt ??= Date.now();
      const fate = failing(Date.now() - startedAt);
      request.resume();
      setTimeout(
        () => {
          if (fate === 'reset') return request.socket.resetAndDestroy();
          response.writeHead(fate ?? 200, { 'content-type': 'application/json' });
          response.end(JSON.stringify(fate === undefined ? body : { error: 'unexpected' }));
        },
        usualMs * (0.7 + 0.6 * lab.random()),
      );
    });
    lab.env[`${name.toUpperCase()}_URL`] = served.url;
    lab.names[name] = served.address;
  };
  const rarely = () => (lab.random() < 0.012 ? 500 : undefined);
  const often = (ms) => {
    if (ms < CHANGES_AT_MS) return undefined;
    const dice = lab.random();
    return dice < 0.4 ? 500 : dice < 0.5 ? 'reset' : undefined;
  };
  await service('pricing', 12, { cents: 4_990 });
  await service('stock', 20, { id: 'r-1' });
  await service('risk', 35, { score: 0.2 }, lab.isHealthy ? rarely : often);
  await service('mail', 60, { queued: true }, rarely);
}

export async function drive(lab) {
  const body = () =>
    JSON.stringify({
      customer: `c-${Math.floor(lab.random() * 4_000)}`,
      lines: [{ sku: `s-${Math.floor(lab.random() * 90)}`, quantity: 1 + Math.floor(lab.random() * 3) }],
    });
  lab.every(45, () => lab.request('/checkouts', { method: 'POST', body: body() }));
  await lab.every(400, () => lab.request('/orders'));
}
