import { parentPort } from 'node:worker_threads';

const MARGIN = 12;

function rowsOf({ photos, columns, width }) {
  const cell = Math.floor((width - MARGIN * (columns + 1)) / columns);
  const rows = new Array(Math.ceil(photos.length / columns));
  for (let row = 0; row < rows.length; row += 1)
    rows[row] = { cell, photos: photos.slice(row * columns, (row + 1) * columns) };
  return rows;
}

function arrange(job) {
  const rows = rowsOf(job);
  const height = rows.reduce((sum, { cell }) => sum + Math.round(cell * 0.75) + MARGIN, MARGIN);
  return { pages: Math.ceil(height / 1_400), rows: rows.length, photos: job.photos.length };
}

parentPort.on('message', (job) => parentPort.postMessage({ type: 'done', value: arrange(job) }));
parentPort.postMessage({ type: 'ready' });
