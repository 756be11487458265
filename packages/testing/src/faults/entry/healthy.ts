// Does what healthy services do: a bounded cache, a timer, short requests, garbage that dies young. `/work` is 1 ms.
import { serve } from '../serve.ts';

const CAPACITY = 1000;
const recent = new Map<string, string>();
let count = 0;

function render(key: string): string {
  const rows = Array.from({ length: 50 }, (_, id) => ({ id, text: `${key} ${id}` }));
  return JSON.stringify(rows.sort((left, right) => left.text.localeCompare(right.text)));
}

function page(): number {
  const key = `page ${count % 1500}`;
  count += 1;
  const text = recent.get(key) ?? render(key);
  recent.set(key, text);
  const oldest = recent.keys().next().value;
  if (recent.size > CAPACITY && oldest !== undefined) recent.delete(oldest);
  return text.length;
}

setInterval(page, 20).unref();

serve(page);
