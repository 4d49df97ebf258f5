/**
 * The names things go by. Brands keep a call's name from being handed in where an incident's is wanted.
 * Nothing here is drawn or counted: ids arrive from outside (Asterisk, Redis, the control room).
 */
declare const brand: unique symbol;
type Branded<T, Name> = T & { readonly [brand]: Name };

/** The caller's channel id as Asterisk gave it, e.g. `intake-1763750000.12`. */
export type CallId = Branded<string, 'CallId'>;
/** A call taker's id as the centre gave it, e.g. `1001`. */
export type CallTakerId = Branded<string, 'CallTakerId'>;
/** A volunteer interpreter's id as the roster gives it, e.g. `v07`. */
export type VolunteerId = Branded<string, 'VolunteerId'>;
/** 26 letters and digits (ULID): sortable by birth, and short enough for EIDO's 10 to 32. */
export type IncidentId = Branded<string, 'IncidentId'>;
/** A text as it came over a gateway, e.g. `01JAB…`: 26 letters and digits (ULID), drawn when it is kept. */
export type TextId = Branded<string, 'TextId'>;
/** The texts of one reporter about one emergency; named after the first of them. */
export type ThreadId = Branded<string, 'ThreadId'>;
/** The place drawn at the door: 1, 2, 3, … within one centre, never drawn twice. */
export type Ticket = Branded<number, 'Ticket'>;

export const callId = (text: string): CallId => text as CallId;
export const callTakerId = (text: string): CallTakerId => text as CallTakerId;
export const volunteerId = (text: string): VolunteerId => text as VolunteerId;
export const incidentId = (text: string): IncidentId => text as IncidentId;
export const textId = (text: string): TextId => text as TextId;
export const threadId = (text: string): ThreadId => text as ThreadId;
export const ticket = (place: number): Ticket => place as Ticket;
