/**
 * What the settings know of the volunteers: the rows of their file as they stand, and the SIP endpoints that must be able to register.
 * Never judges a row: the roster does, with all its complaints, when it is taken in.
 */
import { join } from 'node:path';
import { readFile, readYaml, type Complain, type Fields, type Files } from './reading.ts';
import { SIP_SECRET } from './shapes.ts';

export interface VolunteerSettings {
  /** Absolute path. */
  readonly file: string;
  /** What the file lists under `volunteers`, unchecked; `null` where there is no file. */
  readonly rows: unknown;
  /** How many are rung at once for one caller. */
  readonly parallel: number;
  readonly endpoints: readonly VolunteerEndpoint[];
}

/** A phone that registers with our Asterisk: `sip:<endpoint>` among a volunteer's addresses. */
export interface VolunteerEndpoint {
  readonly endpoint: string;
  /** SIP password; `null` where only Asterisk knows it. */
  readonly secret: string | null;
}

/** As the roster reads it. */
const ENDPOINT = /^sip:\s*([A-Za-z0-9][A-Za-z0-9_-]{0,63})$/i;

/** `needed`: the setting that names the file, so that its absence is a complaint; `secrets`: the folder with one file per endpoint. */
export function readVolunteers(
  file: string,
  needed: string | null,
  secrets: string,
  files: Files,
  complain: Complain,
): Omit<VolunteerSettings, 'parallel'> {
  const fields = readYaml(files, file, needed, complain);
  const rows = rowsIn(fields, file, complain);
  const endpoints = [...new Set(addressesIn(rows).flatMap((address) => ENDPOINT.exec(address)?.[1] ?? []))].map((endpoint) => {
    const path = join(secrets, endpoint);
    const secret = readFile(files, path, null, complain)?.trim() ?? null;
    if (secret !== null && !SIP_SECRET.test(secret)) complain(`volunteers: ${path} must hold 8 to 128 letters, digits or _.~+/=-`);
    return { endpoint, secret };
  });
  return { file, rows, endpoints };
}

function rowsIn(fields: Fields, file: string, complain: Complain): unknown {
  for (const other of Object.keys(fields)) {
    if (other !== 'volunteers') complain(`${file}: ${other} is not known here; only volunteers is`);
  }
  return fields['volunteers'] ?? null;
}

/** Every text among the rows' addresses; rows of any other form have none. */
function addressesIn(rows: unknown): readonly string[] {
  if (!Array.isArray(rows)) return [];
  return (rows as readonly unknown[]).flatMap((row) => {
    const { addresses } = (typeof row === 'object' && row !== null ? row : {}) as { readonly addresses?: unknown };
    const texts = [addresses].flat().filter((address) => typeof address === 'string');
    return texts.flatMap((text) => text.split(/[,;，；、\n]/).map((address) => address.trim()));
  });
}
