import { listen, sendJson } from './http.mjs';
import { beginToClose, unlessClosing } from './lifecycle.mjs';
import { statementOf } from './statements.mjs';

const server = listen(
  {
    'GET /health': (_request, response) => sendJson(response, 200, { status: 'up' }),
    'GET /statement': async (_request, response, url) => {
      const account = url.searchParams.get('account');
      const statement = await unlessClosing(statementOf(account));
      if (statement === undefined) return sendJson(response, 503, { error: 'closing' });
      sendJson(response, 200, { account, balance: statement.balance, lines: statement.lines.slice(0, 20) });
    },
  },
  Number(process.env.PORT ?? 0),
);

process.on('SIGTERM', () => {
  beginToClose();
  server.close();
});
