#!/usr/bin/env node
// The `nodelens` command. Only checks the Node that runs it, before anything loads that needs a newer one.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(`nodelens needs Node.js 24 or newer; this is ${process.version}.\n`);
  process.exitCode = 2;
} else {
  const { runProgram } = await import('./program.ts');
  await runProgram(process.argv);
}

export {};
