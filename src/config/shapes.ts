/**
 * What a host, an address, a web address, a signing secret and a time zone look like. Never asks the network.
 */
import { isIP } from 'node:net';

/** An IP address or a host name. */
export function isHost(text: string): boolean {
  return (
    isIP(text) !== 0 ||
    /^(?=.{1,253}$)(?![0-9.]+$)[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?)*$/.test(text)
  );
}

/** A host, IPv6 in brackets, with or without `:port`. */
export function isTrunkContact(text: string): boolean {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return false;
  return bracketed === undefined ? plain !== undefined && isHost(plain) : isIP(bracketed) === 6;
}

/** An IP address, with or without `/bits`. */
export function isAddress(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

/** What every phone and Asterisk's configuration can hold. */
export const SIP_SECRET = /^[A-Za-z0-9_.~+/=-]{8,128}$/;

export function isUrl(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol) && new URL(text).hostname !== '';
}

/** Standard Webhooks: `whsec_` and base64 of 24 to 64 random bytes. */
export function isWebhookSecret(text: string): boolean {
  const match = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text);
  if (match?.[1] === undefined) return false;
  const bytes = Buffer.from(match[1], 'base64');
  return bytes.length >= 24 && bytes.length <= 64 && bytes.toString('base64').replaceAll('=', '') === match[1].replaceAll('=', '');
}

export function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch (unknownZone) {
    if (unknownZone instanceof RangeError) return false;
    throw unknownZone;
  }
}

export function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u').source !== '';
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return false;
    throw thrown;
  }
}
