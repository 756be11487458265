#!/usr/bin/env node
// `nodelens-bench`: runs the incident suite, or your own cases, and prints and writes its report.
import { run } from '../command.ts';

process.exitCode = await run(process.argv.slice(2));
