// `/work` parses one JSON text of `--mb` (default 100): a native call, about a second per 100 MB.
import { numberArgument, serve } from '../serve.ts';

const ROW = '[1,2,3,4,5,6,7,8],';
const rows = Math.round((numberArgument('mb', 100) * 2 ** 20) / ROW.length);
const feed = `[${ROW.repeat(rows)}0]`;

function importFeed(): number {
  return (JSON.parse(feed) as unknown[]).length;
}

serve(importFeed);
