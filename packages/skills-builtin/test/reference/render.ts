// A page of docs/skills from what the skill says of itself and what its reference adds.
import type { JsonObject } from '@nodelens/core';
import type { SkillDescriptor } from '../../../core/src/skill-host.ts';
import type { Reference } from '../../src/reference.ts';

const BASE = ['get_current_time', 'get_node_info'];

export function renderReference(skill: SkillDescriptor, reference: Reference): string {
  const own = skill.callbacks.filter(({ name }) => !BASE.includes(name));
  return [
    `# ${skill.title} (\`${skill.id}\`)`,
    '',
    '<!-- Written by `npm run docs:skills`; a test compares it with the code. -->',
    '',
    `${skill.description}.`,
    '',
    '## Snapshot',
    '',
    ...Object.entries(reference.snapshot).map(([field, meaning]) => `- \`${field}\`: ${meaning}`),
    '',
    '## Callbacks',
    '',
    `Every skill also has ${BASE.map((name) => `\`${name}()\``).join(' and ')}.`,
    ...own.flatMap((callback) => renderCallback(callback, reference.costs[callback.name])),
    '',
    '## Checks',
    '',
    ...renderChecks(skill),
    ...renderThresholds(reference),
    '',
  ].join('\n');
}

function renderCallback(
  { name, description, params, timeoutMs }: SkillDescriptor['callbacks'][number],
  cost?: string,
): readonly string[] {
  const signature = params.map((param) => (param.optional ? `${param.name}?` : param.name)).join(', ');
  return [
    '',
    `### \`${name}(${signature})\``,
    '',
    description,
    '',
    ...params.map((param) => `- \`${param.name}\`: ${schemaText(param.schema)}`),
    `- cost: ${cost ?? 'nothing of main; it reads what is recorded'}`,
    `- deadline: ${timeoutMs / 1_000} s`,
  ];
}

/** The parts of a JSON schema that our parameters use. */
function schemaText(schema: JsonObject): string {
  const { type, anyOf, minimum, maximum, maxLength } = schema;
  const values = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  const kind = Array.isArray(anyOf)
    ? anyOf.map((one) => schemaText(one as JsonObject)).join(' or ')
    : Array.isArray(values)
      ? values.map((value) => JSON.stringify(value)).join(', ')
      : String(type ?? 'any value');
  const range = [
    minimum === undefined ? [] : [`from ${minimum}`],
    maximum === undefined ? [] : [`up to ${maximum}`],
    maxLength === undefined ? [] : [`at most ${maxLength} characters`],
    schema.default === undefined ? [] : [`default ${JSON.stringify(schema.default)}`],
  ].flat();
  return [kind, ...range].join(', ');
}

function renderChecks({ checks }: SkillDescriptor): readonly string[] {
  if (checks.length === 0) return ['None: it tells what it is asked.'];
  return checks.map(({ id, explains }) =>
    explains.length === 0
      ? `- \`${id}\``
      : `- \`${id}\`, a cause of ${explains.map((other) => `\`${other}\``).join(', ')}`,
  );
}

function renderThresholds({ thresholds }: Reference): readonly string[] {
  if (thresholds.length === 0) return [];
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  return [
    '',
    '## Thresholds',
    '',
    '| what | value | source |',
    '| --- | --- | --- |',
    ...thresholds.map(({ what, value, source }) => `| ${[what, value, source].map(cell).join(' | ')} |`),
  ];
}
