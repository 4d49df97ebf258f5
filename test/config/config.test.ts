/**
 * The settings: where they come from, who goes before whom, and what is complained of, all at once and without a secret.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSettings, outlineOf, projectFiles, settingsTable, type Environment, type Files, type Settings } from '../../src/config.ts';
import { TABLE } from '../../src/config/table.ts';
import { Fault } from '../../src/kernel/faults.ts';
import { USUAL_NUMBERS } from '../../src/sms/rules.ts';
import { USUAL_WHICH } from '../../src/sms/which-rules.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const OTHER_SECRET = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
const HASH = 'ab'.repeat(32);
const TAKERS = 'call_takers:\n  - { id: "1001", name: One }\n  - { id: "1002", name: Two, endpoint: desk-2 }\n';
const NEEDED = { HOME: '/home/op', INTAKE_ARI_PASSWORD: 'ari-password' };

const filesOf = (texts: Record<string, string>): Files => {
  const all: Record<string, string> = { 'config/call-takers.yaml': TAKERS, ...texts };
  return {
    root: '/srv/intake',
    read: (path) => all[path] ?? all[path.replace('/srv/intake/', '')] ?? null,
  };
};

const load = (env: Environment = {}, texts: Record<string, string> = {}): Settings => loadSettings({ ...NEEDED, ...env }, filesOf(texts));

function complaints(env: Environment = {}, texts: Record<string, string> = {}): readonly string[] {
  try {
    load(env, texts);
    return [];
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.kind === 'invalid') return thrown.details;
    throw thrown;
  }
}

const yaml = (text: string): Record<string, string> => ({ 'config/intake.yaml': text });
const takers = (text: string): Record<string, string> => ({ 'config/call-takers.yaml': text });
const volunteers = (text: string): Record<string, string> => ({ 'config/volunteers.yaml': text });
const tokens = (text: string): Record<string, string> => ({ '/home/op/.local/state/intake110/tokens.yaml': text });

describe('settings', () => {
  it('are all there by default', () => {
    expect(load()).toEqual({
      instance: '1',
      centre: { code: '230100', name: '哈尔滨市', timeZone: 'Asia/Shanghai', agency: 'intake110.invalid' },
      http: { host: '127.0.0.1', port: 8110 },
      sip: {
        host: '127.0.0.1',
        port: 5060,
        rtp: { from: 10_000, to: 11_999 },
        trunkAddresses: ['127.0.0.1'],
        emergencyNumbers: ['110'],
        trunkContact: null,
        languagesByNumber: {},
        languagesByTrunk: {},
      },
      ari: { url: 'http://127.0.0.1:8088/ari', user: 'intake', password: 'ari-password' },
      ami: null,
      redis: { url: 'redis://127.0.0.1:6379', password: null },
      folders: {
        state: '/home/op/.local/state/intake110',
        recordings: '/home/op/.local/state/intake110/recordings',
        fallbackSpool: '/home/op/.local/state/intake110/fallback',
        textSpool: '/home/op/.local/state/intake110/texts',
        gatewaysFile: '/srv/intake/config/gateways.yaml',
        words: '/srv/intake/words',
        prompts: '/srv/intake/prompts',
        phoneSecrets: '/home/op/.local/state/intake110/secrets/phones',
        callTakersFile: '/srv/intake/config/call-takers.yaml',
        volunteersFile: '/srv/intake/config/volunteers.yaml',
        tokensFile: '/home/op/.local/state/intake110/tokens.yaml',
      },
      languages: ['zh', 'en', 'ru', 'ja', 'ko'],
      rules: {
        arriveWithinMs: 10_000,
        greetingMaxMs: 30_000,
        patienceEveryMs: 20_000,
        promptMaxMs: 60_000,
        ringMs: 15_000,
        seekMs: 90_000,
        volunteerRingMs: 25_000,
        acceptMs: 20_000,
        preparesInterpreter: true,
        languageOffers: ['en', 'ru', 'ja', 'ko'].map((language, i) => ({ language, key: String(i + 1) })),
      },
      desk: { afterCallMs: 0 },
      waitSamples: 30,
      sinks: [],
      callTakers: [
        { id: '1001', name: 'One', endpoint: 'taker-1001', secret: null },
        { id: '1002', name: 'Two', endpoint: 'desk-2', secret: null },
      ],
      volunteers: { file: '/srv/intake/config/volunteers.yaml', rows: null, parallel: 2, endpoints: [] },
      texts: {
        numbers: USUAL_NUMBERS,
        which: USUAL_WHICH,
        place: { poleDigits: [7, 5], platePattern: null, plainDatum: 'wgs-84' },
        gateways: [],
        ways: [],
      },
      tokens: [],
      logLevel: 'info',
    });
  });

  it('come from the environment before the file before the default; an empty variable is none', () => {
    const file = yaml('http: { port: 9000 }\nrules: { ring_seconds: 7.5, after_call_seconds: 30 }\n');
    const settings = load({ INTAKE_RING_SECONDS: '9', INTAKE_HTTP_PORT: '', INTAKE_TRUNK_ADDRESSES: '10.0.0.1, 10.1.0.0/16' }, file);
    expect(settings.rules.ringMs).toBe(9000);
    expect(settings.http.port).toBe(9000);
    expect(settings.desk.afterCallMs).toBe(30_000);
    expect(settings.sip.trunkAddresses).toEqual(['10.0.0.1', '10.1.0.0/16']);
  });

  it('take secrets from files, their ends trimmed', () => {
    const texts = { '/run/ari': 'from-a-file\n', '/run/webhook': `${SECRET}\n` };
    const settings = load(
      {
        INTAKE_ARI_PASSWORD: '',
        INTAKE_ARI_PASSWORD_FILE: '/run/ari',
        DISPATCH_WEBHOOK_URL: 'https://d.invalid/x',
        DISPATCH_WEBHOOK_SECRET_FILE: '/run/webhook',
      },
      texts,
    );
    expect(settings.ari.password).toBe('from-a-file');
    expect(settings.sinks[0]?.secrets).toEqual([SECRET]);
  });

  it('know one sink by its short names, two secrets while one is changed', () => {
    const env = {
      DISPATCH_WEBHOOK_URL: 'http://127.0.0.1:9/x',
      DISPATCH_WEBHOOK_SECRET: `${SECRET},${OTHER_SECRET}`,
      DISPATCH_WEBHOOK_ALLOW_PRIVATE: 'yes',
    };
    expect(load(env).sinks).toEqual([
      {
        name: 'dispatch',
        url: 'http://127.0.0.1:9/x',
        secrets: [SECRET, OTHER_SECRET],
        format: 'intake',
        allowPrivate: true,
        timeoutMs: 5000,
        backoffMs: [1000, 2000, 4000, 8000, 15_000, 30_000, 60_000],
        maxAttempts: 1440,
        concurrency: 4,
      },
    ]);
  });

  it('know several sinks, each with its own way of being tried again', () => {
    const settings = load(
      {},
      {
        ...yaml(
          `dispatch:\n  - { name: city, url: "https://c.invalid", secret_files: [/k/1, /k/2], backoff_seconds: [0.5, 3] }\n  - { name: province, url: "https://p.invalid", secrets: ["${SECRET}"], format: eido, max_attempts: 3 }\n`,
        ),
        '/k/1': SECRET,
        '/k/2': OTHER_SECRET,
      },
    );
    expect(settings.sinks).toMatchObject([
      { name: 'city', secrets: [SECRET, OTHER_SECRET], backoffMs: [500, 3000], format: 'intake' },
      { name: 'province', secrets: [SECRET], format: 'eido', maxAttempts: 3 },
    ]);
  });

  it("find a call taker's SIP password in the state folder, in the file or in the file it names", () => {
    const settings = load(
      {},
      {
        ...takers(
          'call_takers:\n  - { id: "1", name: A }\n  - { id: "2", name: B, secret: "by-itself-1" }\n  - { id: "3", name: C, secret_file: /k/3 }\n',
        ),
        '/home/op/.local/state/intake110/secrets/phones/taker-1': 'made-by-us\n',
        '/k/3': 'elsewhere-1',
      },
    );
    expect(settings.callTakers.map(({ secret }) => secret)).toEqual(['made-by-us', 'by-itself-1', 'elsewhere-1']);
  });

  it('hand on the rows of the volunteers as they stand, and know the endpoints among their addresses with their passwords', () => {
    const rows = [
      { id: 'v1', addresses: ['sip:volunteer-1', 'tel:+8613800000001'] },
      { id: 'v2', addresses: 'tel:+8613800000002; sip:volunteer-2' },
      { id: 'v3', addresses: ['sip:volunteer-1', 'sip:somebody@elsewhere.invalid', 5] },
      'no row at all',
    ];
    const settings = load(
      {},
      {
        'config/volunteers.yaml': JSON.stringify({ volunteers: rows }),
        '/home/op/.local/state/intake110/secrets/phones/volunteer-2': 'made-by-us\n',
      },
    );
    expect(settings.volunteers.rows).toEqual(rows);
    expect(settings.volunteers.endpoints).toEqual([
      { endpoint: 'volunteer-1', secret: null },
      { endpoint: 'volunteer-2', secret: 'made-by-us' },
    ]);
  });

  it('know which called number is spoken to in which language, from the file or from the environment', () => {
    const texts = yaml('languages: [zh, ru, en]\nsip: { emergency_numbers: ["110", "1101"], languages_by_number: { "1101": ru } }\n');
    expect(load({}, texts).sip.languagesByNumber).toEqual({ '1101': 'ru' });
    expect(load({ INTAKE_LANGUAGES_BY_NUMBER: '110=zh, 1101=en' }, texts).sip.languagesByNumber).toEqual({ '110': 'zh', '1101': 'en' });
  });

  it('know which trunk is spoken to in which language, from the file or from the environment', () => {
    const texts = yaml(
      'languages: [zh, ru, en]\nsip: { trunk_addresses: [10.0.0.1, 10.1.0.0/16, "2001:db8::1"], languages_by_trunk: { 10.1.0.0/16: ru } }\n',
    );
    expect(load({}, texts).sip.languagesByTrunk).toEqual({ '10.1.0.0/16': 'ru' });
    const env = { INTAKE_LANGUAGES_BY_TRUNK: '10.0.0.1=en, 2001:db8::1=ru' };
    expect(load(env, texts).sip.languagesByTrunk).toEqual({ '10.0.0.1': 'en', '2001:db8::1': 'ru' });
    const within = { INTAKE_TRUNK_ADDRESSES: '10.1.0.0/16,10.1.2.3', INTAKE_LANGUAGES_BY_TRUNK: '10.1.0.0/16=ru,10.1.2.3=ru' };
    expect(load(within, texts).sip.languagesByTrunk).toEqual({ '10.1.0.0/16': 'ru', '10.1.2.3': 'ru' });
  });

  it.each(['sbc.city.invalid', '10.0.0.9:5080', '[::1]:5060'])('take %s as the way out to the public network', (contact) => {
    expect(load({ INTAKE_TRUNK_CONTACT: contact }).sip.trunkContact).toBe(contact);
  });

  it('say in an outline what the launcher needs, without complaining', () => {
    const outline = outlineOf({ HOME: '/h', INTAKE_HTTP_HOST: '0.0.0.0', INTAKE_BOGUS: '1', INTAKE_AMI_PORT: '7' }, filesOf({}));
    expect(outline.folders.state).toBe('/h/.local/state/intake110');
    expect(outline.callTakers.map(({ id }) => id)).toEqual(['1001', '1002']);
    expect(outline.volunteers).toEqual([]);
    expect([outline.said('INTAKE_AMI_PORT'), outline.said('REDIS_URL')]).toEqual(['7', null]);
  });
});

describe('wrong settings', () => {
  it.each<[string, Environment, Record<string, string>, string]>([
    ['an unknown name', { INTAKE_HTP_PORT: '1' }, {}, 'INTAKE_HTP_PORT is not a setting; the nearest is INTAKE_HTTP_PORT'],
    [
      'an unknown name of a secret file',
      { DISPATCH_WEBHOOK_SECRETS_FILE: '/x' },
      {},
      'DISPATCH_WEBHOOK_SECRETS_FILE is not a setting; the nearest is DISPATCH_WEBHOOK_SECRET_FILE',
    ],
    [
      'a file for what is no secret',
      { INTAKE_HTTP_PORT_FILE: '/x' },
      {},
      'INTAKE_HTTP_PORT_FILE is not a setting; the nearest is INTAKE_HTTP_PORT',
    ],
    ['an unknown key', {}, yaml('rules: { rign_seconds: 9 }'), 'rules.rign_seconds is not a setting; the nearest is rules.ring_seconds'],
    ['a key in the wrong place', {}, yaml('ring_seconds: 9'), 'ring_seconds is not a setting; the nearest is rules.ring_seconds'],
    ['a value where a group should be', {}, yaml('http: 8110'), 'http must be a group of settings, not 8110'],
    ['a port that is none', { INTAKE_HTTP_PORT: '80.5' }, {}, 'INTAKE_HTTP_PORT must be a port, 1 to 65535, not 80.5'],
    ['a port out of range', { INTAKE_SIP_PORT: '70000' }, {}, 'INTAKE_SIP_PORT must be a port, 1 to 65535, not 70000'],
    ['words for a number', { INTAKE_RING_SECONDS: 'soon' }, {}, 'INTAKE_RING_SECONDS must be 1 to 120 seconds, not "soon"'],
    ['an offer below a second', {}, yaml('rules: { ring_seconds: 0.5 }'), 'rules.ring_seconds must be 1 to 120 seconds, not 0.5'],
    [
      'a code without quotes',
      {},
      yaml('centre: { code: 230100 }'),
      'centre.code must be the six digits of an administrative division, in quotes, not 230100 (a number needs quotes here)',
    ],
    [
      'no time zone',
      { INTAKE_TIME_ZONE: 'Asia/Harbin110' },
      {},
      'INTAKE_TIME_ZONE must be an IANA time zone, such as Asia/Shanghai, not "Asia/Harbin110"',
    ],
    ['maybe', { INTAKE_AMI: 'maybe' }, {}, 'INTAKE_AMI must be yes or no, not "maybe"'],
    [
      'a level of log that is none',
      { INTAKE_LOG_LEVEL: 'loud' },
      {},
      'INTAKE_LOG_LEVEL must be one of debug, info, warn, error, silent, not "loud"',
    ],
    [
      'an address with too many bits',
      { INTAKE_TRUNK_ADDRESSES: '10.0.0.0/33' },
      {},
      'INTAKE_TRUNK_ADDRESSES must be IP addresses, each with or without /bits, not ["10.0.0.0/33"]',
    ],
    [
      'a number with letters',
      { INTAKE_EMERGENCY_NUMBERS: '110,abc' },
      {},
      'INTAKE_EMERGENCY_NUMBERS must be numbers of 2 to 15 digits, in quotes, not ["110","abc"]',
    ],
    ['another protocol', { INTAKE_ARI_URL: 'ftp://x/ari' }, {}, 'INTAKE_ARI_URL must be an http:// or https:// address, not "ftp://x/ari"'],
    ['no ARI password', { INTAKE_ARI_PASSWORD: '' }, {}, 'INTAKE_ARI_PASSWORD is missing'],
    ['AMI without a password', { INTAKE_AMI: 'yes' }, {}, 'INTAKE_AMI_PASSWORD is missing'],
    [
      'a secret twice',
      { REDIS_PASSWORD: 'password1', REDIS_PASSWORD_FILE: '/r' },
      { '/r': 'password2' },
      'REDIS_PASSWORD and REDIS_PASSWORD_FILE are both set: which one is meant?',
    ],
    [
      'a password in two places',
      { REDIS_URL: 'redis://:password1@r:6379', REDIS_PASSWORD: 'password2' },
      {},
      'REDIS_URL holds a password and REDIS_PASSWORD is set: which one is meant?',
    ],
    ['a secret file that is not there', { REDIS_PASSWORD_FILE: '/none' }, {}, 'REDIS_PASSWORD_FILE: there is no file /none'],
    ['a settings file that is not there', { INTAKE_CONFIG: '/none.yaml' }, {}, 'INTAKE_CONFIG: there is no file /none.yaml'],
    [
      'a settings file that is no YAML',
      {},
      yaml('http: [1'),
      'config/intake.yaml: Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 9',
    ],
    ['a key twice', {}, yaml('languages: [zh]\nlanguages: [zh]'), 'config/intake.yaml: Map keys must be unique at line 2, column 1'],
    ['a settings file that is a list', {}, yaml('- a'), 'config/intake.yaml: must be a list of names with values'],
    ['the same port twice', { INTAKE_HTTP_PORT: '8088' }, {}, 'INTAKE_HTTP_PORT and INTAKE_ARI_URL are the same port, 8088'],
    ['the port of Redis taken', { REDIS_URL: 'redis://localhost:8110' }, {}, 'INTAKE_HTTP_PORT and REDIS_URL are the same port, 8110'],
    [
      'the SIP port among those for sound',
      { INTAKE_SIP_PORT: '10500' },
      {},
      'INTAKE_SIP_PORT 10500 lies among the ports for sound, 10000 to 11999',
    ],
    ['sound the wrong way round', { INTAKE_RTP_TO: '9000' }, {}, 'INTAKE_RTP_TO (9000) is below INTAKE_RTP_FROM (10000)'],
    [
      'too few ports for sound',
      { INTAKE_RTP_TO: '10019' },
      {},
      'INTAKE_RTP_FROM to INTAKE_RTP_TO are 20 ports: 2 call takers need at least 48',
    ],
    ['no call taker', {}, takers('call_takers: []'), 'there is no call taker: name them in /srv/intake/config/call-takers.yaml'],
    [
      'a call taker twice',
      {},
      takers('call_takers: [{ id: a, name: A }, { id: a, name: B, endpoint: b }]'),
      "the call taker id 'a' is used twice",
    ],
    [
      'an endpoint twice',
      {},
      takers('call_takers: [{ id: a, name: A, endpoint: x }, { id: b, name: B, endpoint: x }]'),
      "the endpoint 'x' is used twice",
    ],
    [
      'an unknown field of a call taker',
      {},
      takers('call_takers: [{ id: a, nmae: A }]'),
      'call_takers[1].nmae is not a setting; the nearest is name',
    ],
    [
      'an endpoint that would break out',
      {},
      takers('call_takers: [{ id: a, name: A, endpoint: "x]\\n[y" }]'),
      'call_takers[1].endpoint must be 1 to 32 letters, digits, - or _, not "x]\\n[y"',
    ],
    [
      'an unknown list beside the call takers',
      {},
      takers(`${TAKERS}agents: []\n`),
      '/srv/intake/config/call-takers.yaml: agents is not known here; only call_takers is',
    ],
    [
      'a volunteers file that is named and not there',
      { INTAKE_VOLUNTEERS_FILE: '/none.yaml' },
      {},
      'INTAKE_VOLUNTEERS_FILE: there is no file /none.yaml',
    ],
    [
      'an unknown list beside the volunteers',
      {},
      volunteers('volunteers: []\ninterpreters: []'),
      '/srv/intake/config/volunteers.yaml: interpreters is not known here; only volunteers is',
    ],
    [
      "a call taker's endpoint given to a volunteer",
      {},
      volunteers('volunteers: [{ id: v1, addresses: ["sip:desk-2"] }]'),
      "the endpoint 'desk-2' is a volunteer's and that of the call taker 1002",
    ],
    [
      "a volunteer's password that would break out",
      {},
      {
        ...volunteers('volunteers: [{ id: v1, addresses: ["sip:v1"] }]'),
        '/home/op/.local/state/intake110/secrets/phones/v1': 'a b\n[c]',
      },
      'volunteers: /home/op/.local/state/intake110/secrets/phones/v1 must hold 8 to 128 letters, digits or _.~+/=-',
    ],
    [
      'a ring longer than the search',
      { INTAKE_SEEK_SECONDS: '20' },
      {},
      'INTAKE_VOLUNTEER_RING_SECONDS (25) is longer than the whole search, INTAKE_SEEK_SECONDS (20)',
    ],
    ['nobody rung at once', {}, yaml('interpreters: { parallel: 0 }'), 'interpreters.parallel must be a whole number, 1 to 10, not 0'],
    [
      'a way out that is a web address',
      { INTAKE_TRUNK_CONTACT: 'sip:10.0.0.9' },
      {},
      'INTAKE_TRUNK_CONTACT must be an IP address or a host name, with or without :port, not "sip:10.0.0.9"',
    ],
    [
      'a way out at a port that is none',
      { INTAKE_TRUNK_CONTACT: '10.0.0.9:70000' },
      {},
      'INTAKE_TRUNK_CONTACT must be an IP address or a host name, with or without :port, not "10.0.0.9:70000"',
    ],
    [
      'a language by number that is none',
      { INTAKE_LANGUAGES_BY_NUMBER: '110' },
      {},
      'INTAKE_LANGUAGES_BY_NUMBER must be called numbers, each with a language tag, such as 1101=ru, not {"110":"110"}',
    ],
    [
      'a language by number that is not spoken',
      { INTAKE_LANGUAGES_BY_NUMBER: '110=fr' },
      {},
      'INTAKE_LANGUAGES_BY_NUMBER: fr (of 110) is not among INTAKE_LANGUAGES',
    ],
    [
      'a language for a number that nobody reaches',
      { INTAKE_LANGUAGES_BY_NUMBER: '119=zh' },
      {},
      'INTAKE_LANGUAGES_BY_NUMBER: 119 is not among INTAKE_EMERGENCY_NUMBERS, so that nobody reaches it',
    ],
    [
      'a language by trunk that is none',
      { INTAKE_LANGUAGES_BY_TRUNK: 'sbc.city.invalid=ru' },
      {},
      'INTAKE_LANGUAGES_BY_TRUNK must be trunk addresses, each with a language tag, such as 10.0.0.2=ru, not {"sbc.city.invalid":"ru"}',
    ],
    [
      'a language by trunk that is not spoken',
      { INTAKE_LANGUAGES_BY_TRUNK: '127.0.0.1=fr' },
      {},
      'INTAKE_LANGUAGES_BY_TRUNK: fr (of 127.0.0.1) is not among INTAKE_LANGUAGES',
    ],
    [
      'a language for a trunk that is none',
      { INTAKE_LANGUAGES_BY_TRUNK: '10.0.0.999/77=zh' },
      {},
      'INTAKE_LANGUAGES_BY_TRUNK: 10.0.0.999/77 is not among INTAKE_TRUNK_ADDRESSES, so that nobody comes from there',
    ],
    [
      'a trunk with a language within another without',
      { INTAKE_LANGUAGES_BY_TRUNK: '10.1.2.3=zh', INTAKE_TRUNK_ADDRESSES: '::1,10.1.0.0/16,10.1.2.3' },
      {},
      'INTAKE_LANGUAGES_BY_TRUNK: 10.1.2.3 and 10.1.0.0/16 overlap, so that the language of a call is not sure',
    ],
    [
      'a sink without a secret',
      { DISPATCH_WEBHOOK_URL: 'https://d.invalid' },
      {},
      "dispatch 'dispatch' has a url and no secret: set secret_files or DISPATCH_WEBHOOK_SECRET",
    ],
    ['a secret without a sink', { DISPATCH_WEBHOOK_SECRET: SECRET }, {}, 'DISPATCH_WEBHOOK_SECRET is set and DISPATCH_WEBHOOK_URL is not'],
    [
      'a secret that is too short',
      { DISPATCH_WEBHOOK_URL: 'https://d.invalid', DISPATCH_WEBHOOK_SECRET: 'whsec_abcd' },
      {},
      'DISPATCH_WEBHOOK_SECRET must be whsec_ and the base64 of 24 to 64 bytes; two of them, with a comma, while one is changed',
    ],
    [
      'a sink in the own network',
      { DISPATCH_WEBHOOK_URL: 'https://10.0.0.9/x', DISPATCH_WEBHOOK_SECRET: SECRET },
      {},
      "dispatch 'dispatch' is at a private address, 10.0.0.9: set allow_private: true or DISPATCH_WEBHOOK_ALLOW_PRIVATE=yes",
    ],
    [
      'a sink at home in IPv6',
      {},
      yaml(`dispatch: [{ name: v6, url: "http://[::1]:9", secrets: ["${SECRET}"] }]`),
      "dispatch 'v6' is at a private address, [::1]: set allow_private: true",
    ],
    [
      'a password in an address',
      {},
      yaml(`dispatch: [{ name: a, url: "https://me:pw@d.invalid", secrets: ["${SECRET}"] }]`),
      "dispatch 'a': the url must not hold a user name or password",
    ],
    [
      'a sink twice',
      { DISPATCH_WEBHOOK_URL: 'https://d.invalid', DISPATCH_WEBHOOK_SECRET: SECRET },
      yaml(`dispatch: [{ name: dispatch, url: "https://e.invalid", secrets: ["${SECRET}"] }]`),
      "the dispatch name 'dispatch' is used twice",
    ],
    ['a sink without an address', {}, yaml(`dispatch: [{ name: a, secrets: ["${SECRET}"] }]`), 'dispatch[1].url is missing'],
    [
      'an open door without tokens',
      { INTAKE_HTTP_HOST: '0.0.0.0' },
      {},
      'INTAKE_HTTP_HOST 0.0.0.0 can be reached from outside and there are no API tokens in /home/op/.local/state/intake110/tokens.yaml',
    ],
    [
      "a call taker's token of nobody",
      {},
      tokens(`tokens: [{ name: t, role: call-taker, sha256: ${HASH} }]`),
      "token 't' is a call taker's: call_taker must say whose",
    ],
    [
      'a token of somebody unknown',
      {},
      tokens(`tokens: [{ name: t, role: call-taker, call_taker: "9", sha256: ${HASH} }]`),
      "token 't' belongs to the call taker '9', whom nobody knows",
    ],
    [
      'a token with too much',
      {},
      tokens(`tokens: [{ name: t, role: operator, call_taker: "1001", sha256: ${HASH} }]`),
      "token 't' names a call taker and has the role operator",
    ],
    [
      'a token twice',
      {},
      tokens(`tokens: [{ name: a, role: operator, sha256: ${HASH} }, { name: b, role: supervisor, sha256: ${HASH} }]`),
      "token 'b' is the same as another one",
    ],
    [
      'a role that is none',
      {},
      tokens(`tokens: [{ name: a, role: admin, sha256: ${HASH} }]`),
      'tokens[1].role must be one of call-taker, supervisor, dispatcher, operator, not "admin"',
    ],
  ])('are complained of: %s', (_what, env, texts, complaint) => {
    expect(complaints(env, texts)).toContain(complaint);
  });

  it('are all told at once, each once', () => {
    const all = complaints({ INTAKE_HTTP_PORT: 'x', INTAKE_SIP_PORT: 'y', INTAKE_BOGUS: '1' }, yaml('nonsense: 1\nlanguages: []\n'));
    expect(all).toHaveLength(5);
    expect(new Set(all).size).toBe(5);
  });

  it('never show a secret', () => {
    const env = {
      INTAKE_ARI_PASSWORD: 'short 1',
      REDIS_PASSWORD: 'rose bud',
      REDIS_URL: 'http://u:rosebud@x',
      DISPATCH_WEBHOOK_SECRET: 'whsec_rosebud',
    };
    const all = complaints(env, {
      ...tokens('tokens: [{ name: a, role: operator, sha256: rosebud }]'),
      ...takers('call_takers: [{ id: a, name: A, secret: rosebud }]'),
    });
    expect(all.length).toBeGreaterThanOrEqual(6);
    expect(all.join('\n')).not.toMatch(/rose ?bud|short 1/);
  });

  it('that cannot be read are complained of, not thrown', () => {
    const files: Files = {
      root: '/srv',
      read: (path) => {
        if (path.endsWith('intake.yaml')) throw new Error('EACCES: permission denied');
        return path.endsWith('call-takers.yaml') ? TAKERS : null;
      },
    };
    expect(() => loadSettings(NEEDED, files)).toThrow('1 setting is wrong');
  });
});

describe('the files of the project', () => {
  it('are right as they are, and say the defaults', () => {
    const shipped = loadSettings(NEEDED);
    const bare = loadSettings(NEEDED, {
      ...projectFiles(),
      read: (path) => (path.endsWith('intake.yaml') ? null : projectFiles().read(path)),
    });
    expect(shipped).toEqual(bare);
    expect(shipped.callTakers.length).toBeGreaterThanOrEqual(2);
  });

  it('name every key that config/intake.yaml may hold, but for the few that only the environment usually sets', () => {
    const text = readFileSync(resolve(import.meta.dirname, '../../config/intake.yaml'), 'utf8');
    const groups = new Set(['centre', 'http', 'sip', 'rules', 'languages', 'interpreters', 'texts', 'log']);
    const missing = TABLE.flatMap(({ yaml: path }) => {
      if (path === null || !groups.has(path.split('.')[0] ?? '')) return [];
      return text.includes(`${path.split('.').at(-1) ?? path}:`) ? [] : [path];
    });
    expect(missing).toEqual([]);
  });

  it('have defaults that are right, and names that are used once', () => {
    const rows = settingsTable();
    expect(rows.length).toBe(TABLE.length);
    expect(new Set(rows.map(({ env }) => env)).size).toBe(rows.length);
    expect(rows.find(({ env }) => env === 'INTAKE_HTTP_PORT')).toEqual({
      env: 'INTAKE_HTTP_PORT',
      yaml: 'http.port',
      fallback: '8110',
      says: 'Port of the API',
    });
  });
});
