// Checks what architecture.md 3 asks of the tree, and what must never be committed. Prints each violation, exit 1 if
// there is one. Plain JavaScript for the Node that npm runs on (20 or later); needs no installed package.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const MAX_LINES = 250;

/** What a package may import, and where it stands. */
const PACKAGES = {
  '@nodelens/sandbox': { folder: 'packages/sandbox', imports: [] },
  '@nodelens/core': { folder: 'packages/core', imports: ['@nodelens/sandbox'] },
  '@nodelens/skills-builtin': { folder: 'packages/skills-builtin', imports: ['@nodelens/core'] },
  '@nodelens/testing': {
    folder: 'packages/testing',
    imports: ['@nodelens/core', '@nodelens/skills-builtin'],
  },
  nodelens: {
    folder: 'packages/cli',
    imports: ['@nodelens/core', '@nodelens/sandbox', '@nodelens/skills-builtin'],
  },
  '@nodelens/example-alertmanager': { folder: 'examples/alertmanager', imports: ['nodelens'] },
  '@nodelens/example-redis-skill': { folder: 'examples/redis-skill', imports: ['nodelens'] },
  '@nodelens/demo': { folder: 'apps/demo', imports: ['nodelens', '@nodelens/testing'] },
};

/**
 * Inside core a file may import (at run time) from its own layer and from those below it in this list. Types may be
 * imported from any layer as long as no cycle of files comes of it: the contracts of a layer are often spoken of by the
 * one below, and a type is gone at run time. `entry/` folders stand on top: they are the first file of a thread and are imported by nobody.
 */
const CORE_LAYERS = [
  ['index.ts', 'attach.ts', 'triage.ts', 'opentelemetry.ts'],
  ['one-off.ts'],
  ['system.ts'],
  // The parts that the composition root is made of.
  ['system/'],
  // What starts investigations by itself, and what tells others of them.
  ['schedule/', 'webhook/'],
  ['coordinator/'],
  ['continuous/'],
  ['operator/'],
  // What models may cost and how many are asked at once, for all threads.
  ['spending/'],
  ['llm/', 'agent/'],
  ['recorder/'],
  ['skill-host.ts'],
  ['skill-work.ts', 'base-callbacks.ts', 'loaded-skill.ts', 'check-finding.ts'],
  ['skill.ts'],
  ['actor/'],
  ['sandbox-port.ts'],
  ['telemetry/'],
  ['rpc.ts'],
  ['redact.ts', 'plain-json.ts'],
  ['errors.ts', 'error-table.ts', 'json.ts', 'ids.ts', 'worker-url.ts', 'fresh-url.ts'],
];

const violations = [];
const complain = (file, line, message) => violations.push(`${file}${line ? `:${line}` : ''}  ${message}`);

const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const read = (file) => readFileSync(join(root, file), 'utf8');
const lineOf = (text, index) => text.slice(0, index).split('\n').length;

/** Comments blanked, so that what is only spoken of does not count; strings and line numbers stay. */
const withoutComments = (text) =>
  text.replace(
    /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (match, string) => (string === undefined ? match.replace(/[^\n]/g, ' ') : match),
  );

/** All imports and re-exports of a file; `isType` when nothing of it is left at run time. */
function importsOf(text) {
  const code = withoutComments(text);
  const found = [];
  for (const match of code.matchAll(
    /^\s*(?:import|export)\s+(type\s+)?([^'";]*?)from\s*['"]([^'"]+)['"]/gm,
  )) {
    const names = /\{([^}]*)\}/.exec(match[2]);
    const allTypes =
      names !== null &&
      match[2].trim().startsWith('{') &&
      names[1].split(',').every((name) => name.trim() === '' || name.trim().startsWith('type '));
    found.push({
      isType: match[1] !== undefined || allTypes,
      specifier: match[3],
      line: lineOf(code, match.index + match[0].search(/\S/)),
    });
  }
  for (const match of code.matchAll(/^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm))
    found.push({
      isType: false,
      specifier: match[1] ?? match[2],
      line: lineOf(code, match.index + match[0].search(/\S/)),
    });
  return found;
}

// A formatter that takes the head for a heading leaves a changeset that no release can read.
for (const file of tracked.filter((name) => /^\.changeset\/(?!README).*\.md$/.test(name)))
  if (!/^---\n(?:"[^"]+": (?:patch|minor|major)\n)+---\n\n\S/.test(read(file)))
    complain(file, 1, 'is no changeset: packages with their bumps between two lines of ---, then the text');

const packageOf = (file) => Object.entries(PACKAGES).find(([, { folder }]) => file.startsWith(`${folder}/`));
const sources = tracked.filter(
  (file) => /^(packages|apps|examples)\/[^/]+\/src\/.*\.ts$/.test(file) && !file.endsWith('.d.ts'),
);
const graph = new Map();

for (const file of sources) {
  const text = read(file);
  const [owner, { folder, imports }] = packageOf(file) ?? [undefined, {}];
  if (owner === undefined) {
    complain(file, 0, 'belongs to no known package; add it to PACKAGES in scripts/check-structure.mjs');
    continue;
  }
  const targets = [];
  for (const { isType, specifier, line } of importsOf(text)) {
    if (specifier.startsWith('.')) {
      const target = normalize(join(dirname(file), specifier));
      if (!target.startsWith(`${folder}/`)) complain(file, line, `reaches out of its package: ${specifier}`);
      else targets.push({ target, line, isType });
      continue;
    }
    const other = Object.keys(PACKAGES).find(
      (name) => specifier === name || specifier.startsWith(`${name}/`),
    );
    if (other === undefined) continue;
    if (other === owner) complain(file, line, `imports its own package by name: ${specifier}`);
    else if (!imports.includes(other)) complain(file, line, `${owner} may not import ${other}`);
  }
  graph.set(file, targets);
}

function layerOf(file) {
  const inside = file.slice('packages/core/src/'.length);
  if (inside.split('/').includes('entry')) return 0;
  return CORE_LAYERS.findIndex((layer) =>
    layer.some((name) => (name.endsWith('/') ? inside.startsWith(name) : inside === name)),
  );
}

for (const [file, targets] of graph) {
  for (const { target, line } of targets)
    if (target.includes('/entry/') && !file.includes('/entry/'))
      complain(file, line, `imports ${target}: an entry is started, not imported`);
  if (!file.startsWith('packages/core/src/')) continue;
  const own = layerOf(file);
  if (own < 0) {
    complain(file, 0, 'stands in no layer; add it to CORE_LAYERS in scripts/check-structure.mjs');
    continue;
  }
  for (const { target, line, isType } of targets) {
    if (isType) continue;
    const other = layerOf(target);
    if (other >= 0 && other < own) complain(file, line, `imports upwards at run time: ${target}`);
  }
}

/** Depth first; a file met again while it is still open closes a cycle. Types count: a reader follows them, too. */
function findCycles() {
  const state = new Map();
  const path = [];
  const visit = (file) => {
    state.set(file, 'open');
    path.push(file);
    for (const { target, line } of graph.get(file) ?? []) {
      if (state.get(target) === 'open')
        complain(file, line, `closes a cycle: ${[...path.slice(path.indexOf(target)), target].join(' -> ')}`);
      else if (!state.has(target)) visit(target);
    }
    path.pop();
    state.set(file, 'done');
  };
  for (const file of graph.keys()) if (!state.has(file)) visit(file);
}
findCycles();

const isCode = (file) => /\.(ts|mts|mjs|js)$/.test(file);
for (const file of tracked.filter(isCode)) {
  const text = read(file);
  const isFixture = /\/(fixtures|cases)\//.test(file);
  const lines = text.split('\n').length - 1;
  if (!isFixture && !/\.test(-d)?\.ts$/.test(file) && lines > MAX_LINES)
    complain(file, 0, `has ${lines} lines, more than ${MAX_LINES}: one file, one concept`);
  if (!/^(packages|apps|bench|examples)\/.*\.ts$/.test(file)) continue;
  const raw = text.split('\n');
  withoutComments(text)
    .split('\n')
    .forEach((line, index) => {
      const excused = /biome-ignore lint\/suspicious\/noExplicitAny/.test(raw[index - 1] ?? '');
      const bare = line.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''");
      if (!excused && /(?::\s*|\bas\s+|<|,\s*|\|\s*)any\b(?=\s*[;,)>[\]=|{]|$)/.test(bare))
        complain(file, index + 1, 'uses `any`');
    });
}

/** What a commit must not carry: where it was made, and where its packages came from. */
const SECRETS_OF_THE_MACHINE = [
  { pattern: /\/(?:home|Users)\/[a-z][\w.-]*\//, what: 'a path of one machine' },
  { pattern: /\/work\/(?:main|shared)\b/, what: 'a path of one machine' },
  {
    pattern:
      /\bhttps?:\/\/(?:registry\.|npm\.|[\w.-]*(?:artifactory|verdaccio|nexus|npmmirror|jfrog))[\w.-]*/i,
    what: 'the address of a registry',
  },
];
const self = 'scripts/check-structure.mjs';
for (const file of tracked) {
  if (file === self || /\.(png|ico|gz|tgz|heapsnapshot)$/.test(file)) continue;
  const text = read(file);
  for (const { pattern, what } of SECRETS_OF_THE_MACHINE) {
    const match = pattern.exec(text);
    if (match !== null) complain(file, lineOf(text, match.index), `holds ${what}: ${match[0]}`);
  }
}
const lock = JSON.parse(read('package-lock.json'));
for (const [name, entry] of Object.entries(lock.packages ?? {}))
  if (typeof entry.resolved === 'string' && /^\w+:\/\//.test(entry.resolved))
    complain('package-lock.json', 0, `holds the download address of ${name || 'the root'}`);

for (const violation of violations) process.stdout.write(`${violation}\n`);
process.stdout.write(
  violations.length === 0
    ? `structure: ${sources.length} source files, no violation\n`
    : `structure: ${violations.length} violations\n`,
);
process.exitCode = violations.length === 0 ? 0 : 1;
