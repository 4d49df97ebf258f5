/**
 * Moments and lengths of time. Never reads a clock: an instant is always handed in.
 */
declare const brand: unique symbol;

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number & { readonly [brand]: 'Instant' };

export const instant = (ms: number): Instant => ms as Instant;
export const later = (from: Instant, ms: number): Instant => (from + ms) as Instant;

/** RFC 3339 in UTC with an offset written out, e.g. `2026-03-01T08:00:00.250+00:00`. */
export const rfc3339 = (at: Instant): string => new Date(at).toISOString().replace('Z', '+00:00');
/** The instant of an RFC 3339 text; `null` where the text is none. */
export const fromRfc3339 = (text: string): Instant | null => {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : instant(ms);
};
