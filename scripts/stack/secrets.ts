/**
 * The secrets a stack makes for itself at its first start, in the state folder, readable by its owner alone: a SIP password for each
 * phone of a call taker or volunteer, API tokens by role, and the token of its own door for texts. What is there is never changed.
 * Never prints a secret.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { CallTakerSettings, Outline, TokenSettings } from '../../src/config.ts';

const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/** 192 bits in letters that no SIP phone, shell or header trips over. */
export const freshSecret = (): string => randomBytes(24).toString('base64url').replaceAll('-', '.');

/** The tokens themselves: one `name: token` a line. Their hashes are in `tokens.yaml`, which is all that the controller reads. */
export const tokensInClear = (folders: Outline['folders']): string => join(folders.state, 'secrets', 'api-tokens.yaml');

export function makeSecrets({ folders, callTakers, volunteers, said }: Outline): void {
  for (const folder of [folders.state, join(folders.state, 'secrets'), folders.phoneSecrets]) {
    mkdirSync(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
  }
  for (const { endpoint, secret } of [...callTakers, ...volunteers]) {
    const path = join(folders.phoneSecrets, endpoint);
    if (secret === null && !existsSync(path)) save(path, `${freshSecret()}\n`);
  }
  if (said('INTAKE_TOKENS_FILE') === null) makeTokens(folders, callTakers);
}

/** A door for texts over HTTP on loopback, for a centre that has no gateways yet. */
export interface TextsDoor {
  /** Its gateways.yaml, written anew at every start. */
  readonly file: string;
  /** Holds the token of whoever hands texts in. */
  readonly tokenFile: string;
}

/** Called after `makeSecrets`. */
export function makeTextsDoor({ state }: Outline['folders'], port: number): TextsDoor {
  const [file, tokenFile] = [join(state, 'gateways.yaml'), join(state, 'secrets', 'texts-token')];
  if (!existsSync(tokenFile)) save(tokenFile, `${freshSecret()}\n`);
  const gateways = [{ name: 'local', kind: 'http', port, token_file: tokenFile }];
  save(
    file,
    `# Made by \`npm start\` at every start. A config/gateways.yaml of the centre's own takes its place.\n${stringify({ gateways })}`,
  );
  return { file, tokenFile };
}

/** Adds a token for everybody who never had one; a token struck from tokens.yaml stays struck. */
function makeTokens(folders: Outline['folders'], callTakers: readonly CallTakerSettings[]): void {
  const clearPath = tokensInClear(folders);
  const clear = (existsSync(clearPath) ? parse(readFileSync(clearPath, 'utf8')) : {}) as Record<string, string>;
  const known = (
    existsSync(folders.tokensFile) ? ((parse(readFileSync(folders.tokensFile, 'utf8')) as { tokens?: unknown } | null)?.tokens ?? []) : []
  ) as readonly object[];
  const wanted: readonly Omit<TokenSettings, 'sha256'>[] = [
    ...(['supervisor', 'dispatcher', 'operator'] as const).map((role) => ({ name: role, role, callTaker: null })),
    ...callTakers.map(({ id }) => ({ name: `call-taker-${id}`, role: 'call-taker' as const, callTaker: id })),
  ];
  const added = wanted.filter(({ name }) => clear[name] === undefined).map((one) => ({ ...one, token: freshSecret() }));
  if (added.length === 0) return;
  const entries = added.map(({ name, role, callTaker, token }) => ({
    name,
    role,
    ...(callTaker === null ? {} : { call_taker: callTaker }),
    sha256: createHash('sha256').update(token).digest('hex'),
  }));
  save(
    folders.tokensFile,
    `# Who may use the API. Strike an entry and send the controller SIGHUP to revoke its token.\n${stringify({ tokens: [...known, ...entries] })}`,
  );
  save(
    clearPath,
    `# The API tokens in clear, for those they were made for. Not needed by the controller.\n${stringify({ ...clear, ...Object.fromEntries(added.map(({ name, token }) => [name, token])) })}`,
  );
}

/** Whole or not at all. */
function save(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
  writeFileSync(`${path}.new`, text, { mode: OWNER_ONLY });
  renameSync(`${path}.new`, path);
}
