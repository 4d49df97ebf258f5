/**
 * What is right by itself and wrong together: ports that clash, names used twice, a sink without a secret, an open door without
 * tokens. Each complaint names the settings that would mend it. Never looks a name up: only addresses written out are judged.
 */
import { BlockList, isIP } from 'node:net';
import type { Settings } from './settings.ts';
import type { Complain } from './reading.ts';

/** Two legs for each call taker's conversation and ten callers on top; each leg takes two ports (RTP, RTCP). */
const CALLERS_ON_TOP = 10;

const PRIVATE = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  PRIVATE.addSubnet(net, bits, 'ipv4');
}
PRIVATE.addAddress('::1', 'ipv6');
PRIVATE.addSubnet('fc00::', 7, 'ipv6');
PRIVATE.addSubnet('fe80::', 10, 'ipv6');

const bare = (host: string): string => host.replace(/^\[(.*)\]$/, '$1');
const isLoopback = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(bare(host));

function isPrivate(host: string): boolean {
  if (isLoopback(host)) return true;
  const version = isIP(bare(host));
  return version !== 0 && PRIVATE.check(bare(host), version === 4 ? 'ipv4' : 'ipv6');
}

/** Addresses with or without `/bits`: whether one lies within the other. */
function doOverlap(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => {
    const [address = '', bits] = text.split('/');
    const family = isIP(address) === 4 ? ('ipv4' as const) : ('ipv6' as const);
    const net = new BlockList();
    net.addSubnet(address, Number(bits ?? (family === 'ipv4' ? 32 : 128)), family);
    return { address, family, net };
  });
  return a !== undefined && b !== undefined && (a.net.check(b.address, b.family) || b.net.check(a.address, a.family));
}

export function complainOfContradictions(settings: Settings, complain: Complain): void {
  const { callTakers, sinks, tokens: papers } = settings;
  ports(settings, complain);
  sound(settings, complain);
  twice(
    'the call taker id',
    callTakers.map((taker) => taker.id),
    complain,
  );
  twice(
    'the endpoint',
    callTakers.map((taker) => taker.endpoint),
    complain,
  );
  twice(
    'the dispatch name',
    sinks.map((sink) => sink.name),
    complain,
  );
  twice(
    'the token name',
    papers.map((token) => token.name),
    complain,
  );
  interpreters(settings, complain);
  dispatch(settings, complain);
  tokens(settings, complain);
  if (callTakers.length === 0) complain(`there is no call taker: name them in ${settings.folders.callTakersFile}`);
  if (settings.redis.password !== null && new URL(settings.redis.url).password !== '') {
    complain('REDIS_URL holds a password and REDIS_PASSWORD is set: which one is meant?');
  }
}

/** Things of this machine that listen on TCP. What stands elsewhere (a container of its own) may use any port. */
function ports({ http, ari, ami, redis }: Settings, complain: Complain): void {
  const portOf = (url: string, usual: number): number => Number(new URL(url).port === '' ? usual : new URL(url).port);
  const listeners = [
    { name: 'INTAKE_HTTP_PORT', here: true, port: http.port },
    { name: 'INTAKE_ARI_URL', here: isLoopback(new URL(ari.url).hostname), port: portOf(ari.url, 80) },
    { name: 'REDIS_URL', here: isLoopback(new URL(redis.url).hostname), port: portOf(redis.url, 6379) },
    ...(ami === null ? [] : [{ name: 'INTAKE_AMI_PORT', here: isLoopback(ami.host), port: ami.port }]),
  ].filter((listener) => listener.here);
  for (const [at, one] of listeners.entries()) {
    for (const other of listeners.slice(at + 1)) {
      if (one.port === other.port) complain(`${one.name} and ${other.name} are the same port, ${one.port}`);
    }
  }
}

function sound({ sip, callTakers }: Settings, complain: Complain): void {
  const { from, to } = sip.rtp;
  const needed = 4 * (callTakers.length + CALLERS_ON_TOP);
  if (to < from) complain(`INTAKE_RTP_TO (${to}) is below INTAKE_RTP_FROM (${from})`);
  else if (to - from + 1 < needed) {
    complain(`INTAKE_RTP_FROM to INTAKE_RTP_TO are ${to - from + 1} ports: ${callTakers.length} call takers need at least ${needed}`);
  }
  if (sip.port >= from && sip.port <= to) complain(`INTAKE_SIP_PORT ${sip.port} lies among the ports for sound, ${from} to ${to}`);
}

function twice(what: string, names: readonly string[], complain: Complain): void {
  for (const name of new Set(names.filter((name, at) => names.indexOf(name) !== at))) complain(`${what} '${name}' is used twice`);
}

function interpreters({ volunteers, callTakers, languages, rules, sip }: Settings, complain: Complain): void {
  for (const { endpoint } of volunteers.endpoints) {
    const taker = callTakers.find((one) => one.endpoint === endpoint);
    if (taker !== undefined) complain(`the endpoint '${endpoint}' is a volunteer's and that of the call taker ${taker.id}`);
  }
  if (rules.volunteerRingMs > rules.seekMs) {
    complain(
      `INTAKE_VOLUNTEER_RING_SECONDS (${rules.volunteerRingMs / 1000}) is longer than the whole search, INTAKE_SEEK_SECONDS (${rules.seekMs / 1000})`,
    );
  }
  for (const [number, language] of Object.entries(sip.languagesByNumber)) {
    if (!languages.includes(language)) complain(`INTAKE_LANGUAGES_BY_NUMBER: ${language} (of ${number}) is not among INTAKE_LANGUAGES`);
    if (!sip.emergencyNumbers.includes(number)) {
      complain(`INTAKE_LANGUAGES_BY_NUMBER: ${number} is not among INTAKE_EMERGENCY_NUMBERS, so that nobody reaches it`);
    }
  }
  for (const [address, language] of Object.entries(sip.languagesByTrunk)) {
    if (!languages.includes(language)) complain(`INTAKE_LANGUAGES_BY_TRUNK: ${language} (of ${address}) is not among INTAKE_LANGUAGES`);
    if (!sip.trunkAddresses.includes(address)) {
      complain(`INTAKE_LANGUAGES_BY_TRUNK: ${address} is not among INTAKE_TRUNK_ADDRESSES, so that nobody comes from there`);
      continue;
    }
    for (const other of sip.trunkAddresses) {
      const isSure = other === address || sip.languagesByTrunk[other] === language || !doOverlap(address, other);
      if (!isSure) complain(`INTAKE_LANGUAGES_BY_TRUNK: ${address} and ${other} overlap, so that the language of a call is not sure`);
    }
  }
}

function dispatch({ sinks }: Settings, complain: Complain): void {
  for (const { name, url, secrets, allowPrivate } of sinks) {
    const { hostname, username, password } = new URL(url);
    const short = name === 'dispatch';
    if (secrets.length === 0) {
      complain(`dispatch '${name}' has a url and no secret: set secret_files${short ? ' or DISPATCH_WEBHOOK_SECRET' : ''}`);
    }
    if (secrets.length > 2) complain(`dispatch '${name}' has ${secrets.length} secrets: two at most, the new one and the old one`);
    if (username !== '' || password !== '') complain(`dispatch '${name}': the url must not hold a user name or password`);
    if (!allowPrivate && isPrivate(hostname)) {
      complain(
        `dispatch '${name}' is at a private address, ${hostname}: set allow_private: true${short ? ' or DISPATCH_WEBHOOK_ALLOW_PRIVATE=yes' : ''}`,
      );
    }
  }
}

function tokens({ tokens: papers, callTakers, http, folders }: Settings, complain: Complain): void {
  if (!isLoopback(http.host) && papers.length === 0) {
    complain(`INTAKE_HTTP_HOST ${http.host} can be reached from outside and there are no API tokens in ${folders.tokensFile}`);
  }
  for (const { name, role, callTaker } of papers) {
    if (role === 'call-taker' && callTaker === null) complain(`token '${name}' is a call taker's: call_taker must say whose`);
    if (role !== 'call-taker' && callTaker !== null) complain(`token '${name}' names a call taker and has the role ${role}`);
    if (callTaker !== null && !callTakers.some((taker) => taker.id === callTaker)) {
      complain(`token '${name}' belongs to the call taker '${callTaker}', whom nobody knows`);
    }
  }
  const hashes = papers.map((token) => token.sha256);
  for (const [at, { name, sha256 }] of papers.entries()) {
    if (hashes.indexOf(sha256) !== at) complain(`token '${name}' is the same as another one`);
  }
}
