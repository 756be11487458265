#!/usr/bin/env node
// `nodelens-bench`: runs the incident suite, or your own cases, and prints and writes its report.
import { run } from '../command.ts';

// The reader of a pipe may have seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
});
process.exitCode = await run(process.argv.slice(2));
