/**
 * Gathers what was seen, for the verdict: records through the API, deliveries from the sink (verified with another implementation of
 * Standard Webhooks than the one that signed them), recordings from the disk. Never judges.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import type { Incident } from '../../src/incident/incident.ts';
import type { Received } from '../stack/sink.ts';
import type { Api } from './api.ts';
import type { CallTaker } from './call-taker.ts';
import type { Placed } from './callers.ts';
import type { House } from './house.ts';
import type { Heard } from './sounds.ts';
import { TEXTERS } from './texters.ts';
import type { Delivered, Evidence, Hearing } from './verdict.ts';
import type { Volunteer } from './volunteer.ts';

/** WAV as Asterisk writes it: a head of 44 bytes, then 8000 samples a second of 16 bits. */
const WAV = { head: 44, bytesPerSecond: 16_000 };
const LOUD = 500;

export function deliveredOf({ at, headers, body, complaint, isAccepted }: Received, secret: string): Delivered {
  const { type, data } = JSON.parse(body) as { type: string; data: Incident };
  return { at, type, incident: data, complaint: complaint ?? complaintOf(headers, body, secret), isAccepted };
}

function complaintOf(headers: Received['headers'], body: string, secret: string): string | null {
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>);
    return null;
  } catch (refused) {
    if (refused instanceof Error) return refused.message;
    throw refused;
  }
}

export interface Interpreting {
  readonly volunteer: Volunteer;
  readonly heard: readonly Heard[];
  readonly hearings: readonly Hearing[];
}

export async function gather(
  { stack, sink, secret, carrier }: House,
  api: Api,
  placed: readonly Placed[],
  desks: readonly CallTaker[],
  { volunteer, heard, hearings }: Interpreting,
  accidents: readonly string[],
): Promise<Evidence> {
  const [calls, incidents] = await Promise.all([api.calls(), api.incidents()]);
  const names = incidents.flatMap(({ call }) => call?.recordings ?? []);
  return {
    callers: placed.map(({ caller, went }) => ({ caller, went })),
    texters: TEXTERS,
    arrived: carrier.arrived(),
    calls,
    incidents,
    rings: desks.flatMap(({ rings }) => rings),
    deliveries: sink.received.map((received) => deliveredOf(received, secret)),
    recordings: new Map(names.map((name) => [name, recordingAt(join(stack.settings.folders.recordings, `${name}.wav`))] as const)),
    sinks: await api.sinks(),
    heard,
    volunteerRings: volunteer.rings,
    hearings,
    accidents,
  };
}

function recordingAt(path: string): { readonly seconds: number; readonly isSilent: boolean } | null {
  if (!existsSync(path)) return null;
  const bytes = readFileSync(path).subarray(WAV.head);
  let isSilent = true;
  for (let at = 0; at + 1 < bytes.length && isSilent; at += 2) isSilent = Math.abs(bytes.readInt16LE(at)) < LOUD;
  return { seconds: bytes.length / WAV.bytesPerSecond, isSilent };
}
