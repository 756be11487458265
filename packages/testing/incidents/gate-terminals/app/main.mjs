// The gate of a port: terminals scan trucks, and what each truck has loaded is looked up.
import { createServer } from 'node:http';
import { manifestOf, writeManifests } from './manifests.mjs';
import { lastScans, watchTerminals } from './terminals.mjs';

await writeManifests();

const server = createServer(async (request, response) => {
  const [, section, id] = new URL(request.url, 'http://gate').pathname.split('/');
  try {
    if (section === 'manifests' && id !== undefined) return send(response, 200, await manifestOf(id));
    if (section === 'scans') return send(response, 200, lastScans());
    return send(response, 404, { error: 'unknown' });
  } catch (error) {
    console.error(`${request.url}: ${error.message}`);
    return send(response, 404, { error: 'no such manifest' });
  }
});

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
  watchTerminals((process.env.TERMINALS ?? '').split(',').filter((path) => path !== ''));
});
