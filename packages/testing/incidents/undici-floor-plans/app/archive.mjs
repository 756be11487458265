// The archive of the housing office: facts of a flat, and its plan.
import { Pool } from 'undici';

/** The office's rule: eight connections for each client. */
const archive = new Pool(process.env.ARCHIVE_URL, {
  connections: 8,
  headersTimeout: 10_000,
  bodyTimeout: 10_000,
  keepAliveTimeout: 30_000,
});

/** Readers on the phone: larger plans are sent by mail. */
const LARGEST_BYTES = 1_000_000;

export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export async function factsOf(id) {
  const { statusCode, body } = await archive.request({ method: 'GET', path: `/flats/${id}` });
  if (statusCode !== 200) {
    await body.dump();
    throw new Refusal(502, `the archive answered ${statusCode}`);
  }
  return body.json();
}

export async function planOf(id) {
  const { statusCode, headers, body } = await archive.request({ method: 'GET', path: `/flats/${id}/plan` });
  if (statusCode !== 200) {
    await body.dump();
    throw new Refusal(502, `the archive answered ${statusCode}`);
  }
  const bytes = Number(headers['content-length'] ?? 0);
  if (bytes > LARGEST_BYTES) throw new Refusal(413, `the plan has ${bytes} bytes`);
  return Buffer.from(await body.arrayBuffer());
}
