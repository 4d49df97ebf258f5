/**
 * May a sink be connected to? A name is resolved once, every address it has is judged, and the connection goes to a judged address, so
 * that a name cannot point elsewhere a moment later (DNS rebinding). Never follows anything and never sends a byte.
 */
import { lookup as lookUpName, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** What a public webhook has no business at (RFC 6890 and its registry), unless the sink is said to be private. */
const NOT_PUBLIC = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  NOT_PUBLIC.addSubnet(net, prefix, 'ipv4');
}

/** Of IPv6 only global unicast is public, less what lies in it for documents, protocols and tunnels that hide an IPv4 address. */
const GLOBAL_UNICAST = new BlockList();
GLOBAL_UNICAST.addSubnet('2000::', 3, 'ipv6');
const NOT_PUBLIC_6 = new BlockList();
for (const [net, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  NOT_PUBLIC_6.addSubnet(net, prefix, 'ipv6');
}

/** Even a sink that is said to be private is never one of these: nobody can listen there, or a cloud hands out its keys there. */
const NEVER = new BlockList();
NEVER.addSubnet('0.0.0.0', 8, 'ipv4');
NEVER.addSubnet('224.0.0.0', 3, 'ipv4');
NEVER.addAddress('::', 'ipv6');
NEVER.addSubnet('ff00::', 8, 'ipv6');
for (const metadata of ['169.254.169.254', '169.254.170.2', '100.100.100.200', '168.63.129.16']) NEVER.addAddress(metadata, 'ipv4');
NEVER.addAddress('fd00:ec2::254', 'ipv6');

/** Whether a connection to this address (as resolved, no brackets) may be made. An IPv4 address within IPv6 is judged as what it is. */
export function isAllowed(address: string, allowPrivate: boolean): boolean {
  const bare = address.split('%', 1)[0] ?? '';
  const family = isIP(bare);
  if (family === 0) return false;
  const inside = family === 6 ? mappedIPv4(bare) : bare;
  if (inside !== null) return !NEVER.check(inside, 'ipv4') && (allowPrivate || !NOT_PUBLIC.check(inside, 'ipv4'));
  if (NEVER.check(bare, 'ipv6')) return false;
  return allowPrivate || (GLOBAL_UNICAST.check(bare, 'ipv6') && !NOT_PUBLIC_6.check(bare, 'ipv6'));
}

/** The IPv4 address in `::ffff:a.b.c.d`, however it is written; `null` where there is none. */
function mappedIPv4(address: string): string | null {
  const written = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const match = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(written);
  if (match === null) return null;
  const bits = parseInt(match[1] ?? '', 16) * 0x10000 + parseInt(match[2] ?? '', 16);
  return [24, 16, 8, 0].map((shift) => Math.floor(bits / 2 ** shift) % 256).join('.');
}

export class NotAllowed extends Error {
  constructor(host: string) {
    super(`${host} is at an address that is not allowed for this sink`);
    this.name = 'NotAllowed';
  }
}

/** Asks for all addresses of a name, as `dns.lookup` does with `all: true`. */
export type Resolve = (host: string, answer: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void) => void;
const byTheSystem: Resolve = (host, answer) => lookUpName(host, { all: true }, answer);

/**
 * A lookup for a socket that answers judged addresses only. Where *any* address of the name is not allowed the name is refused whole:
 * a name that is half private is misconfigured or hostile.
 */
export function guardedLookup(allowPrivate: boolean, resolve: Resolve = byTheSystem): LookupFunction {
  return (host, options, answer) => {
    resolve(host, (error, found) => {
      const wanted = found?.filter(({ family }) => !options.family || options.family === family || options.family === `IPv${family}`);
      const first = wanted?.[0];
      if (error !== null) answer(error, '', 0);
      else if (first === undefined) answer(Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' }), '', 0);
      else if (found.some(({ address }) => !isAllowed(address, allowPrivate))) answer(new NotAllowed(host), '', 0);
      else if (options.all === true) answer(null, [...wanted]);
      else answer(null, first.address, first.family);
    });
  };
}

/** A socket connects to an address written in the URL without asking its lookup; this judges it. Names pass: the lookup has its turn. */
export function isLiteralRefused(url: URL, allowPrivate: boolean): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 && !isAllowed(host, allowPrivate);
}
