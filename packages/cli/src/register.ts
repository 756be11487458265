// `node --import nodelens/register app.js`: attaches Nodelens without a change of code. Does not wait, so the app
// starts as it would without; a worker thread inherits --import but is part of the process that is attached already.
import { isMainThread } from 'node:worker_threads';
import { startRegistered } from './start-registered.ts';

if (isMainThread && process.env.NODELENS_DISABLED !== '1') void startRegistered();
