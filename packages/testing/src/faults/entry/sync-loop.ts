// `/work` stays in a JavaScript loop for `--ms` (default 5,000).
import { numberArgument, serve } from '../serve.ts';

const blockMs = numberArgument('ms', 5000);

function settleAccounts(): number {
  let balance = 0;
  for (const end = performance.now() + blockMs; performance.now() < end; ) balance += Math.sqrt(balance + 1);
  return balance;
}

serve(settleAccounts);
