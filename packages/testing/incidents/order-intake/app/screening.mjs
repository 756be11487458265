import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true });

/** What the screening service says about a buyer. */
export function isWelcome(buyer) {
  const body = JSON.stringify({ buyer });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const asked = request(`${process.env.SCREENING_URL}/buyers`, { method: 'POST', agent, headers });
    asked.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(JSON.parse(text).isWelcome === true));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
