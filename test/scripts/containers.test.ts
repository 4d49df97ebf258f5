/**
 * The container files, as far as they can be judged without a container engine: they name only settings that exist and only files
 * that are there.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadSettings } from '../../src/config.ts';
import { TABLE } from '../../src/config/table.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const text = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

interface Compose {
  readonly services: Readonly<
    Record<string, { readonly environment?: Readonly<Record<string, string>>; readonly secrets?: readonly string[] }>
  >;
  readonly secrets: Readonly<Record<string, unknown>>;
}

const compose = parse(text('compose.yaml'), { merge: true }) as Compose;
/** `${NAME:-value}` as it is where nothing is set. */
const unset = (value: string): string => value.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');

describe('compose.yaml', () => {
  it.each(['engine', 'asterisk'])('gives the %s settings that are right', (service) => {
    const environment = Object.entries(compose.services[service]?.environment ?? {}).map(([name, value]) => {
      const said = unset(value);
      return name.endsWith('_FILE') ? [name.slice(0, -'_FILE'.length), 'a-secret-of-16-letters'] : [name, said];
    });
    expect(environment.length).toBeGreaterThan(5);
    expect(() => loadSettings({ HOME: '/nowhere', ...Object.fromEntries(environment) })).not.toThrow();
  });

  it('names every secret it uses, and each by a file that settings know', () => {
    for (const { secrets = [] } of Object.values(compose.services))
      for (const name of secrets) expect(compose.secrets).toHaveProperty(name);
    const known = new Set(TABLE.flatMap((setting) => ('secret' in setting ? [`${setting.env}_FILE`] : [])));
    const used = Object.values(compose.services).flatMap(({ environment = {} }) =>
      Object.keys(environment).filter((name) => name.endsWith('_FILE')),
    );
    expect(used.filter((name) => !known.has(name as never))).toEqual([]);
  });

  it('keeps every write of Redis', () => {
    expect(text('compose.yaml')).toContain('--appendonly yes --appendfsync always --save "" --maxmemory-policy noeviction');
  });
});

describe('the Dockerfile', () => {
  it('copies only what is there and what .dockerignore lets through', () => {
    const copied = [...text('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names]) => (names ?? '').split(' '));
    expect(copied.length).toBeGreaterThan(6);
    const allowed = text('.dockerignore').split('\n');
    for (const name of copied) {
      expect(existsSync(join(ROOT, name)), name).toBe(true);
      expect(allowed).toContain(`!${name}`);
    }
  });

  it('has everything the settings read by default', () => {
    for (const name of ['config', 'prompts', 'words']) expect(text('Dockerfile')).toContain(`COPY ${name} ${name}`);
  });

  it('runs neither part as root', () => {
    expect(text('Dockerfile').match(/^USER (node|intake)$/gm)).toEqual(['USER node', 'USER intake']);
  });
});
