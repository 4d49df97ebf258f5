/**
 * The incident with its words spelled out as types. The schema's choices of words come out of type inference as `never`, so nothing
 * could be written into them; here they have the words they are checked against. The schemas decide what is right, never this file.
 */
import type { ESSENTIALS, Incident, IncidentEdit, MATTERS, OUTCOMES, STATUSES, URGENCIES } from './incident.ts';

type Certainty = 'stated' | 'guessed' | 'confirmed';
type With<T, Words> = Omit<T, keyof Words> & Words;

export type Essential = (typeof ESSENTIALS)[number];
export type Outcome = (typeof OUTCOMES)[number];
export type MatterClass = (typeof MATTERS)[number];
export type Urgency = (typeof URGENCIES)[number];

interface Words {
  readonly channel: 'voice' | 'fallback';
  readonly status: (typeof STATUSES)[number];
  readonly matter: { readonly class: MatterClass; readonly code?: string; readonly reason?: string };
  readonly urgency: Urgency | null;
  readonly place: With<Incident['place'], { readonly certainty: Certainty }>;
  readonly happened: With<Incident['happened'], { readonly certainty: Certainty }>;
  readonly call: With<NonNullable<Incident['call']>, { readonly release: 'choice' | 'cut' | null }> | null;
  readonly missing: readonly Essential[];
  readonly links: readonly { readonly incident: string; readonly relation: 'repeat' | 'duplicate' | 'related' }[];
  readonly disposition: { readonly outcome: Outcome; readonly reason: string; readonly by: string; readonly at: string } | null;
}

export type Worded = With<Incident, Words>;
export type WordedEdit = Partial<
  Pick<Words, 'matter' | 'urgency' | 'links'> & {
    readonly what: string | null;
    readonly place: Partial<Words['place']>;
    readonly happened: Partial<Words['happened']>;
    readonly reporter: Partial<Omit<Incident['reporter'], 'number'>>;
  }
>;

/** The same value under the other type, there and back. */
export const worded = (incident: Incident): Worded => incident;
export const wordedEdit = (edit: IncidentEdit): WordedEdit => edit;
export const plain = (incident: Worded): Incident => incident as unknown as Incident;
