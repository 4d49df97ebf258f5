/**
 * Reads single settings: environment over settings file over default, each checked against its schema. Every complaint is a
 * sentence for a person and none stops the reading, so that all of them can be told at once. Never shows a secret.
 */
import { closest, distance } from 'fastest-levenshtein';
import type { TSchema } from 'typebox';
import { Check } from 'typebox/value';
import { isMap, parseDocument } from 'yaml';
import type { Setting } from './forms.ts';
import { TABLE, type Env } from './table.ts';

/** The files that settings may stand in. */
export interface Files {
  /** What relative paths start from. */
  readonly root: string;
  /** The text of a file; `null` when there is none; throws when it cannot be read. */
  read(path: string): string | null;
}

export type Environment = Readonly<Record<string, string | undefined>>;
export type Complain = (complaint: string) => void;
export type Fields = Readonly<Record<string, unknown>>;

export interface Values {
  get(name: Env): unknown;
  /** Where the value came from. */
  origin(name: Env): 'environment' | 'file' | 'default';
}

const OURS = /^(INTAKE_|DISPATCH_WEBHOOK_)/;

/** The text of a file, or `null` after a complaint or when it is not there; `needed`: its absence is one. */
export function readFile(files: Files, path: string, needed: string | null, complain: Complain): string | null {
  try {
    const text = files.read(path);
    if (text === null && needed !== null) complain(`${needed}: there is no file ${path}`);
    return text;
  } catch (unreadable) {
    complain(`${needed ?? path}: ${path} cannot be read (${unreadable instanceof Error ? unreadable.message : String(unreadable)})`);
    return null;
  }
}

/** The top-level fields of a YAML file; an empty or broken one has none. */
export function readYaml(files: Files, path: string, needed: string | null, complain: Complain): Fields {
  const text = readFile(files, path, needed, complain);
  if (text === null) return {};
  const document = parseDocument(text, { prettyErrors: true });
  for (const error of document.errors) complain(`${path}: ${error.message.split('\n')[0]?.replace(/:$/, '') ?? error.code}`);
  if (document.errors.length > 0 || document.contents === null) return {};
  if (!isMap(document.contents)) {
    complain(`${path}: must be a list of names with values`);
    return {};
  }
  return fieldsOf(document.toJS()) ?? {};
}

export const fieldsOf = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;

/** "did you mean …": by the whole path or its last word, whichever is nearer. */
export function didYouMean(name: string, known: readonly string[]): string {
  const last = (path: string): string => path.slice(path.lastIndexOf('.') + 1);
  const whole = closest(name, known);
  const byLast = known.toSorted((a, b) => distance(last(name), last(a)) - distance(last(name), last(b)))[0] ?? whole;
  return distance(last(name), last(byLast)) < distance(name, whole) ? byLast : whole;
}

/** Reads every row of the table. `document`: the settings file; its `elsewhere` keys are read by others. */
export function readTable(env: Environment, document: Fields, files: Files, elsewhere: readonly string[], complain: Complain): Values {
  complainOfUnknownNames(env, complain);
  complainOfUnknownKeys(document, elsewhere, complain);
  const values = new Map<Env, { value: unknown; origin: ReturnType<Values['origin']> }>();
  for (const setting of TABLE as readonly (Setting & { env: Env })[]) {
    const fallback = { value: setting.fallback, origin: 'default' as const };
    const given = fromEnvironment(setting, env, files, complain) ?? fromDocument(setting, document);
    if (given === null) values.set(setting.env, fallback);
    else {
      const right = checked(given.name, given.value, setting, complain);
      values.set(setting.env, right ? { value: given.value, origin: given.origin } : fallback);
    }
  }
  return {
    get: (name) => values.get(name)?.value ?? null,
    origin: (name) => values.get(name)?.origin ?? 'default',
  };
}

/** Whether a value is what it must be; complains where not. */
export function checked(
  name: string,
  value: unknown,
  rule: { readonly schema: TSchema; readonly must: string; readonly secret?: true },
  complain: Complain,
): boolean {
  if (Check(rule.schema, value)) return true;
  const unquoted = typeof value === 'number' && typeOf(rule.schema) === 'string' ? ' (a number needs quotes here)' : '';
  complain(`${name} must be ${rule.must}${rule.secret === true ? '' : `, not ${JSON.stringify(value)}`}${unquoted}`);
  return false;
}

interface Given {
  readonly name: string;
  readonly value: unknown;
  readonly origin: 'environment' | 'file';
}

function fromEnvironment(setting: Setting, env: Environment, files: Files, complain: Complain): Given | null {
  const text = env[setting.env]?.trim() ?? '';
  const fileName = `${setting.env}_FILE`;
  const path = setting.secret === true ? (env[fileName]?.trim() ?? '') : '';
  if (text !== '' && path !== '') complain(`${setting.env} and ${fileName} are both set: which one is meant?`);
  if (text !== '') return { name: setting.env, value: understood(text, setting.schema), origin: 'environment' };
  if (path === '') return null;
  const content = readFile(files, path, fileName, complain)?.trim() ?? null;
  if (content === null) return null;
  return { name: fileName, value: understood(content, setting.schema), origin: 'environment' };
}

function fromDocument(setting: Setting, document: Fields): Given | null {
  if (setting.yaml === null) return null;
  let value: unknown = document;
  for (const key of setting.yaml.split('.')) value = fieldsOf(value)?.[key];
  return value === undefined || value === null ? null : { name: setting.yaml, value, origin: 'file' };
}

const typeOf = (schema: TSchema): unknown => (schema as { readonly type?: unknown }).type;

const words = (text: string): readonly string[] => text.split(/[,\s]+/).filter((part) => part !== '');

/** The environment knows texts alone: numbers, yes/no, lists and `name=value` pairs are understood where the schema asks for them. */
function understood(text: string, schema: TSchema): unknown {
  switch (typeOf(schema)) {
    case 'integer':
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
    case 'boolean':
      return /^(yes|true|on|1)$/i.test(text) ? true : /^(no|false|off|0)$/i.test(text) ? false : text;
    case 'array':
      return words(text);
    case 'object':
      return Object.fromEntries(words(text).map((pair) => [pair.split('=')[0], pair.slice(pair.indexOf('=') + 1)]));
    default:
      return text;
  }
}

function complainOfUnknownNames(env: Environment, complain: Complain): void {
  const known = (TABLE as readonly Setting[]).flatMap((setting) =>
    setting.secret === true ? [setting.env, `${setting.env}_FILE`] : [setting.env],
  );
  for (const name of Object.keys(env).toSorted()) {
    if (!OURS.test(name) || known.includes(name)) continue;
    complain(`${name} is not a setting; the nearest is ${closest(name, known)}`);
  }
}

function complainOfUnknownKeys(document: Fields, elsewhere: readonly string[], complain: Complain): void {
  const known = (TABLE as readonly Setting[]).flatMap((setting) => (setting.yaml === null ? [] : [setting.yaml]));
  const walk = (fields: Fields, above: string): void => {
    for (const [key, value] of Object.entries(fields)) {
      const path = above + key;
      if (known.includes(path) || elsewhere.includes(path)) continue;
      const below = fieldsOf(value);
      const isGroup = known.some((name) => name.startsWith(`${path}.`));
      if (isGroup && (below !== null || value === null)) walk(below ?? {}, `${path}.`);
      else if (isGroup) complain(`${path} must be a group of settings, not ${JSON.stringify(value)}`);
      else complain(`${path} is not a setting; the nearest is ${didYouMean(path, [...known, ...elsewhere])}`);
    }
  };
  walk(document, '');
}
