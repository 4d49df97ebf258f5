/**
 * What everything of ours in Asterisk is called. A name spells call, role and count, so that an event is understood from it alone,
 * also after a restart. The caller's channel has no role: its name is the call's id, with dots and dashes of its own.
 */
import { callId, type CallId } from '../kernel/ids.ts';

/**
 * A leg to a call taker, one to a volunteer, an utterance to the caller, a reassurance that no one waits for, an utterance to a
 * volunteer, a conversation's bridge, its recording.
 */
export type Role = 'taker' | 'interpreter' | 'say' | 'assure' | 'tell' | 'talk' | 'recording';

export type Name =
  | { readonly role: 'caller'; readonly call: CallId }
  | { readonly role: Role; readonly call: CallId; readonly count: number };

export const nameOf = (call: CallId, role: Role, count: number): string => `${call}.${role}.${count}`;

const OURS = /^(.+)\.(taker|interpreter|say|assure|tell|talk|recording)\.([1-9]\d{0,8})$/s;

/** Never fails: what has no role of ours is taken for a caller's channel. */
export function readName(name: string): Name {
  const [, call, role, count] = OURS.exec(name) ?? [];
  if (call === undefined || role === undefined || count === undefined) return { role: 'caller', call: callId(name) };
  return { role: role as Role, call: callId(call), count: Number(count) };
}

/** A controller's own Stasis application; the dialplan offers callers to all that begin so. */
export const applicationOf = (instance: string): string => `intake-${instance}`;

/**
 * Its application for texts. Apart from the calls': who is subscribed to an endpoint hears every event of that endpoint's channels, a
 * second time where they are its own. The name must not begin like the one that callers are offered to.
 */
export const textsApplicationOf = (instance: string): string => `texts-${instance}`;

/** The PJSIP endpoint through which callers come; it is no call taker's phone. */
export const TRUNK = 'trunk';

/** A trunk address that sets the language has an endpoint of its own; the dot keeps it apart from every phone's name. */
export const trunkNo = (nth: number): string => `${TRUNK}.${nth}`;

export const isTrunk = (endpoint: string): boolean => endpoint === TRUNK || endpoint.startsWith(`${TRUNK}.`);

/** Set by a trunk's endpoint, told by ARI with every channel of it. */
export const LANGUAGE_VARIABLE = 'INTAKE_LANGUAGE';
