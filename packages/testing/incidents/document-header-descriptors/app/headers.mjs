// What kind of document a file is, by its first bytes.
import { close, fstat, open, read } from 'node:fs';
import { promisify } from 'node:util';

const [openFile, readFile, statFile, closeFile] = [open, read, fstat, close].map((call) => promisify(call));

const HEADER_BYTES = 16;
const KINDS = [
  { kind: 'pdf', magic: Buffer.from('%PDF-') },
  { kind: 'png', magic: Buffer.from([0x89, 0x50, 0x4e, 0x47]) },
  { kind: 'jpeg', magic: Buffer.from([0xff, 0xd8, 0xff]) },
];

const kindOf = (header) => KINDS.find(({ magic }) => header.subarray(0, magic.length).equals(magic))?.kind;

export async function readHeader(path) {
  const fd = await openFile(path, 'r');
  const header = Buffer.alloc(HEADER_BYTES);
  await readFile(fd, header, 0, HEADER_BYTES, 0);
  const kind = kindOf(header);
  if (kind === undefined) throw Object.assign(new Error('unsupported kind of document'), { status: 415 });
  const { size, mtime } = await statFile(fd);
  await closeFile(fd);
  return { kind, size, receivedAt: mtime.toISOString() };
}
