import { expect, test } from 'vitest';
import { commandOf } from '../../src/workers/command-name.ts';

test.each([
  ['/usr/bin/convert', ['convert', '--token=abc', 'a.png'], { name: 'convert' }],
  [
    '/usr/bin/node',
    ['node', '--import', 'x.mjs', '/srv/mail.mjs', 'key'],
    { name: 'node mail.mjs', file: '/srv/mail.mjs' },
  ],
  [
    'python3',
    ['python3', '-u', 'jobs/train.py', 'secret.txt'],
    { name: 'python3 train.py', file: 'jobs/train.py' },
  ],
  ['/bin/sh', ['/bin/sh', '-c', ' convert a.png "b c"'], { name: 'sh: convert' }],
  ['/bin/sh', ['/bin/sh', '-c', 'PASSWORD=x run'], { name: 'sh' }],
  ['sh', ['sh', 'backup.sh'], { name: 'sh backup.sh', file: 'backup.sh' }],
  ['node', ['node', '-e', 'a secret program.js'], { name: 'node' }],
  ['node', ['node', '-r', './hook.js', 'main.js'], { name: 'node main.js', file: 'main.js' }],
  [undefined, undefined, { name: 'undefined' }],
])('%s %j', (program, args, command) => {
  expect(commandOf(program, args)).toEqual(command);
});
