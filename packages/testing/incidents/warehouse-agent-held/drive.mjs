/** A warehouse that looks up in 15 ms, and holds those that wait for a change for six seconds. */
export async function prepare(lab) {
  const warehouse = await lab.serve((request, response) => {
    const isWaiting = request.url.startsWith('/changes/');
    setTimeout(
      () => {
        if (isWaiting) response.writeHead(204).end();
        else response.end(JSON.stringify({ count: Math.floor(lab.random() * 40) }));
      },
      isWaiting ? 6_000 : 15,
    );
  });
  lab.names.warehouse = warehouse.address;
  lab.env.WAREHOUSE_URL = warehouse.url;
}

/** Pages are looked at; every now and then somebody wants to be reminded. */
export async function drive(lab) {
  const sku = () =>
    `${['lamp', 'chair', 'table', 'shelf'][Math.floor(lab.random() * 4)]}-${Math.floor(lab.random() * 50)}`;
  lab.every(500, () => lab.request(`/products/${sku()}/reminders`, { method: 'POST' }));
  await lab.every(33, () => lab.request(`/products/${sku()}`));
}
