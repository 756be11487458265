// Makes garbage that lives just long enough to be copied by the collector: `--rows` (default 1,200) lists that grow
// by one row each, `--perSecond` (default 6) times.
import { numberArgument, serve } from '../serve.ts';

const rows = numberArgument('rows', 1200);

function listUntil(last: number): readonly { readonly label: string; readonly cents: number }[] {
  const list: { label: string; cents: number }[] = [];
  for (let row = 0; row <= last; row += 1) list.push({ label: `#${row}`, cents: row * 7 });
  return list;
}

function drawCurve(): number {
  const lists = Array.from({ length: rows }, (_, last) => listUntil(last));
  return lists.reduce((sum, list) => sum + list.length, 0);
}

setInterval(drawCurve, 1000 / numberArgument('perSecond', 6)).unref();

serve(drawCurve);
