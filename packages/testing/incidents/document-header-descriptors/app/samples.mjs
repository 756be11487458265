// Documents to begin with: every office sends its own kinds.
const PDF = Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj << /Type /Catalog >> endobj\n');
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);
const TIFF = Buffer.from([0x49, 0x49, 0x2a, 0x00, 0x08, 0x00, 0x00, 0x00, 0x0e, 0x00, 0xfe, 0x00]);

const COUNT = 60;
const EACH = [
  { prefix: 'invoice', extension: 'pdf', bytes: PDF },
  { prefix: 'photo', extension: 'png', bytes: PNG },
  { prefix: 'scan', extension: 'tif', bytes: TIFF },
];

export const samples = () =>
  EACH.flatMap(({ prefix, extension, bytes }) =>
    Array.from({ length: COUNT }, (_, index) => ({ name: `${prefix}-${1000 + index}.${extension}`, bytes })),
  );
