// A case of the incident suite as its folder says it. `case.json` is validated, so that a misspelt field is told and
// not ignored.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, reasonOf, type Subject } from '@nodelens/core';
import * as v from 'valibot';

/** A subject that must, or may, be named. A name in braces stands for an address that the driver gives. */
export interface ExpectedSubject {
  readonly kind: Subject['kind'];
  readonly name: string;
  /** Its end: `pricing.mjs`. */
  readonly file?: string;
}

export type Tier = 'easy' | 'medium' | 'hard';

/** `case.json`; every field is told in incidents/README.md. */
interface CaseFile {
  readonly title: string;
  readonly domain: string;
  readonly tier: Tier;
  readonly alert: { readonly text: string; readonly afterMs: number };
  readonly causes: readonly { readonly anyOf: readonly ExpectedSubject[] }[];
  readonly accepted: readonly ExpectedSubject[];
  readonly isBlocked: boolean;
  readonly isAlone: boolean;
  readonly hasTwin: boolean;
  readonly needs: readonly ('postgres' | 'redis' | 'linux' | 'root' | 'cgroup' | 'cc')[];
  readonly packages: readonly string[];
  readonly execArgv: readonly string[];
  readonly timeoutMs: number;
  readonly written: 'before' | 'after';
}

/** How the checks did on a case that they had never met; kept beside it. */
export interface FirstContact {
  /** ISO-8601 UTC. */
  readonly at: string;
  readonly isSolved: boolean;
  readonly score: number;
  readonly missing: readonly string[];
  readonly wrong: readonly string[];
  readonly namedAfterMs?: number;
}

export interface Case extends CaseFile {
  readonly id: string;
  /** The folder of the case. */
  readonly folder: string;
  readonly firstContact?: FirstContact;
}

export const FIRST_CONTACT_FILE: string = 'first-contact.json';

const text = v.pipe(v.string(), v.nonEmpty());
const subject = v.strictObject({
  kind: v.picklist(['function', 'collection', 'endpoint', 'peer', 'resource', 'logger', 'worker', 'process']),
  name: text,
  file: v.exactOptional(text),
});
const schema: v.GenericSchema<unknown, CaseFile> = v.strictObject({
  title: text,
  domain: text,
  tier: v.picklist(['easy', 'medium', 'hard']),
  alert: v.strictObject({ text, afterMs: v.pipe(v.number(), v.minValue(0), v.maxValue(60_000)) }),
  causes: v.pipe(
    v.array(v.strictObject({ anyOf: v.pipe(v.array(subject), v.minLength(1)) })),
    v.minLength(1),
  ),
  accepted: v.optional(v.array(subject), []),
  isBlocked: v.optional(v.boolean(), false),
  isAlone: v.optional(v.boolean(), false),
  hasTwin: v.optional(v.boolean(), false),
  needs: v.optional(v.array(v.picklist(['postgres', 'redis', 'linux', 'root', 'cgroup', 'cc'])), []),
  packages: v.optional(v.array(text), []),
  execArgv: v.optional(v.array(text), []),
  timeoutMs: v.optional(v.pipe(v.number(), v.minValue(1_000)), 40_000),
  written: v.picklist(['before', 'after']),
});

/** @throws NodelensError `incident_case_invalid` */
export function loadCase(folder: string, id: string): Case {
  const path = join(folder, id);
  const wrong = (reason: string, cause?: unknown): Error =>
    fail('incident_case_invalid', { case: id, reason }, { cause });
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(join(path, 'case.json'), 'utf8'));
  } catch (error) {
    throw wrong(reasonOf(error), error);
  }
  const parsed = v.safeParse(schema, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw wrong(`${v.getDotPath(issue) ?? 'case.json'}: ${issue.message}`);
  }
  for (const file of ['app/main.mjs', 'drive.mjs'])
    if (!existsSync(join(path, file))) throw wrong(`it has no ${file}`);
  for (const { anyOf } of parsed.output.causes)
    for (const { kind, name, file } of anyOf)
      if ((kind === 'function' || kind === 'collection') && file === undefined)
        throw wrong(`the ${kind} ${name} must be given with its file`);
  const contact = join(path, FIRST_CONTACT_FILE);
  return {
    ...parsed.output,
    id,
    folder: path,
    ...(existsSync(contact) && { firstContact: JSON.parse(readFileSync(contact, 'utf8')) as FirstContact }),
  };
}

/** All cases below `folder`, by id. @throws NodelensError `incident_case_invalid` */
export function loadCases(folder: string): readonly Case[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'case.json')))
    .map(({ name }) => loadCase(folder, name))
    .toSorted((a, b) => a.id.localeCompare(b.id));
}
