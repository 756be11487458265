const IMAGE = Buffer.alloc(180_000, 7);

/** The host of the sellers' images. */
export async function prepare(lab) {
  const images = await lab.serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': IMAGE.length });
    response.end(IMAGE);
  });
  lab.names.images = images.address;
  lab.imagesUrl = images.url;
}

/** Sellers put their articles; each has an image of its own. */
export async function drive(lab) {
  let last = 0;
  lab.every(2_000, () => lab.request('/feed.xml'));
  await lab.every(40, () => {
    last += 1;
    const article = { title: `Article ${last}`, price: 19.99, image: `${lab.imagesUrl}/${last}.jpg` };
    return lab.request(`/articles/${last}`, { method: 'PUT', body: JSON.stringify(article) });
  });
}
