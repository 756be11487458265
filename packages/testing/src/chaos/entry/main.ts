// `npm run chaos`: one chaos run with its report.
import { run } from '../command.ts';

process.exitCode = await run(process.argv.slice(2));
