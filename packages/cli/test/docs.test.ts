// The guides do what they say: each file in them compiles, each that is followed by its output prints just that.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { packageFile, runtimeFolder, startNode } from './processes.ts';

const guides = ['write-a-skill', 'from-beamlens'];
const TSCONFIG = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    module: 'nodenext',
    target: 'es2024',
    lib: ['es2024'],
    types: ['node'],
    skipLibCheck: true,
    erasableSyntaxOnly: true,
    allowImportingTsExtensions: true,
  },
  include: ['*.ts'],
};

interface Example {
  readonly name: string;
  readonly code: string;
  readonly output?: string;
}

function examplesOf(page: string): readonly Example[] {
  const blocks = page.matchAll(/```ts\n(\/\/ (\S+\.ts)\n[\s\S]*?)```\n(?:\n```text\n([\s\S]*?)```)?/g);
  return [...blocks].map(([, code = '', name = '', output]) => ({ name, code, ...(output && { output }) }));
}

test.for(guides)(
  'the examples of docs/%s.md compile, and print what the page says',
  {
    timeout: 90_000,
  },
  async (guide) => {
    const page = await readFile(packageFile(`../../docs/${guide}.md`), 'utf8');
    const examples = examplesOf(page);
    expect(examples.length).toBe(page.split('```ts\n').length - 1);
    // Inside the package, so that its own name and its dependencies are found.
    await mkdir(packageFile('.turbo'), { recursive: true });
    const folder = await mkdtemp(packageFile('.turbo/docs-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
    for (const { name, code } of examples) await writeFile(join(folder, name), code);
    const tsc = packageFile('../../node_modules/typescript/bin/tsc');
    const compiled = await promisify(execFile)(process.execPath, [tsc, '-p', folder]).catch((error) => error);
    expect(compiled.stdout).toBe('');
    const env = { NODELENS_RUNTIME_DIR: await runtimeFolder(), ANTHROPIC_API_KEY: '' };
    const printing = examples.filter(({ output }) => output !== undefined);
    expect(printing.length).toBeGreaterThan(0);
    for (const { name, output } of printing) {
      const { stdout, stderr } = await startNode([join(folder, name)], { env }).outcome;
      expect({ name, stdout, stderr }).toEqual({ name, stdout: output, stderr: '' });
    }
  },
);
