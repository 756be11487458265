// Answers as JSON, bodies as text; every hundredth answer is logged.

let count = 0;

export function respond(response, status, value) {
  count += 1;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  if (count % 100 === 0) console.log(JSON.stringify({ level: 'info', answered: count, status }));
}

export async function textOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
