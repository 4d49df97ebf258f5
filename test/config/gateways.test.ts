/**
 * The settings of texts: gateways by their kinds, ways to other centres, rules for threads and the words; what is complained of, all at
 * once and without a secret.
 */
import { describe, expect, it } from 'vitest';
import { loadSettings, projectFiles, type Environment, type Files, type Settings } from '../../src/config.ts';
import { loadWords } from '../../src/config/words.ts';
import { Fault } from '../../src/kernel/faults.ts';
import { instant } from '../../src/kernel/instants.ts';
import { USUAL_WHICH } from '../../src/sms/which-rules.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const PASSWORDS: Readonly<Record<string, string>> = { '/k/pw': 'pass-1\n', '/k/token': 'a-token\n', '/k/hook': `${SECRET}\n` };

const filesOf = (texts: Readonly<Record<string, string>>): Files => ({
  root: '/srv/intake',
  read: (path) => {
    const name = path.replace('/srv/intake/', '');
    if (name === 'config/call-takers.yaml') return 'call_takers: [{ id: "1001", name: One }]';
    return texts[name] ?? PASSWORDS[name] ?? (name.startsWith('words/') ? projectFiles().read(name) : null);
  },
});
const load = (texts: Readonly<Record<string, string>>, env: Environment = {}): Settings =>
  loadSettings({ HOME: '/home/op', INTAKE_ARI_PASSWORD: 'ari-password', ...env }, filesOf(texts));
const gateways = (yaml: string): Settings['texts']['gateways'] => load({ 'config/gateways.yaml': yaml }).texts.gateways;

function complaintsOf(work: () => unknown): readonly string[] {
  try {
    work();
    return [];
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.kind === 'invalid') return thrown.details;
    throw thrown;
  }
}

describe('gateways', () => {
  it('are none where there is no file; a file that is named must be there', () => {
    expect(load({}).texts).toMatchObject({ gateways: [], ways: [] });
    expect(complaintsOf(() => load({}, { INTAKE_GATEWAYS_FILE: 'elsewhere.yaml' })).join()).toContain('INTAKE_GATEWAYS_FILE');
  });

  it('are of four kinds, each with what is usual where nothing is said, secrets from files', () => {
    const yaml = `gateways:
  - { name: telecom, kind: smpp, host: smsc.invalid, system_id: police, password_file: /k/pw, hex_ids: answers }
  - { name: mobile, kind: cmpp, host: 10.0.0.7, version: "3.0", source_address: "901234", secret_file: /k/pw }
  - { name: web, kind: http, port: 8120, token_file: /k/token, send: { url: "http://127.0.0.1:1/send", form: kannel, user: u, password_file: /k/pw } }
  - { name: trunk, kind: sip }
`;
    const [telecom, mobile, web, trunk] = gateways(yaml);
    expect(telecom).toMatchObject({
      kind: 'smpp',
      port: 2775,
      systemId: 'police',
      password: 'pass-1',
      window: 10,
      hexIds: 'answers',
      answerWithinMs: 8000,
    });
    expect(mobile).toMatchObject({ kind: 'cmpp', port: 7890, version: '3.0', sourceAddress: '901234', secret: 'pass-1', window: 16 });
    expect(web).toMatchObject({
      kind: 'http',
      host: '127.0.0.1',
      port: 8120,
      secrets: [],
      out: { form: 'kannel', user: 'u', password: 'pass-1' },
    });
    expect(web).toMatchObject({ tokenSha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(trunk).toEqual({ kind: 'sip', name: 'trunk' });
  });

  it.each([
    ['a list that is none', 'gateways: 5', 'gateways must be a list'],
    ['an unknown list beside them', 'gateway: []', 'gateway is not known here'],
    ['an unknown kind', 'gateways: [{ name: a, kind: sgip }]', 'gateways[1] must be a group of settings with a kind'],
    ['an unknown field', 'gateways: [{ name: a, kind: sip, prot: 1 }]', 'gateways[1].prot is not a setting'],
    [
      'a name twice',
      'gateways: [{ name: a, kind: sip }, { name: a, kind: http, port: 1, token_file: /k/token }]',
      'two of them are called a',
    ],
    ['two trunks', 'gateways: [{ name: a, kind: sip }, { name: b, kind: sip }]', 'at most one of kind sip'],
    ['no password', 'gateways: [{ name: a, kind: smpp, host: x.invalid, system_id: p }]', 'gateways[1].password_file is missing'],
    [
      'a password that is not there',
      'gateways: [{ name: a, kind: smpp, host: x.invalid, system_id: p, password_file: /k/no }]',
      'there is no file /k/no',
    ],
    ['a door that anybody may enter', 'gateways: [{ name: a, kind: http, port: 1 }]', 'nobody could be let in'],
    ['a signing secret that is none', 'gateways: [{ name: a, kind: http, port: 1, secret_files: [/k/pw] }]', 'must hold whsec_'],
    [
      'Kannel without a user',
      'gateways: [{ name: a, kind: http, port: 1, token_file: /k/token, send: { url: "http://a.invalid", form: kannel } }]',
      'kannel needs user and password_file',
    ],
    [
      'an impossible CMPP source',
      'gateways: [{ name: a, kind: cmpp, host: x.invalid, secret_file: /k/pw, source_address: "12345678" }]',
      '1 to 6 letters and digits',
    ],
    ['a way to a centre without a secret', 'centres: [{ code: "440300", url: "https://a.invalid/texts" }]', 'what goes there is signed'],
    ['a way to a centre that is none', 'centres: [{ code: "4403", url: "https://a.invalid", secret_files: [/k/hook] }]', 'six digits'],
  ])('are complained of: %s', (_what, yaml, complaint) => {
    const complaints = complaintsOf(() => gateways(yaml));
    expect(complaints.join('\n')).toContain(complaint);
    expect(complaints.join()).not.toContain('pass-1');
  });

  it('and the ways to other centres, signed', () => {
    const yaml = 'centres: [{ code: "440300", url: "https://sz.invalid/texts", secret_files: [/k/hook] }]';
    expect(load({ 'config/gateways.yaml': yaml }).texts.ways).toEqual([
      { code: '440300', url: 'https://sz.invalid/texts', secrets: [SECRET], answerWithinMs: 8000 },
    ]);
  });
});

describe('the rules for threads', () => {
  it('may be the centre’s own', () => {
    const { which } = load({ 'config/intake.yaml': 'texts: { threads: [{ within_minutes: 30, then: same }, { then: new }] }' }).texts;
    expect(which).toEqual([{ within_minutes: 30, then: 'same' }, { then: 'new' }]);
  });

  it('are complained of where the last one does not fit always', () => {
    const yaml = 'texts: { threads: [{ within_minutes: 30, then: same }] }';
    expect(complaintsOf(() => load({ 'config/intake.yaml': yaml })).join()).toContain('texts.threads: ');
  });
});

describe('the words of the project', () => {
  it('can be used as they stand, and read a text', () => {
    const settings = load({});
    const { rules, centres } = loadWords(settings, filesOf({}));
    expect(centres.ours).toBe('230100');
    const reading = rules.read('有人在中山路10号抢劫，灯杆编号2051234', instant(1_780_000_000_000));
    expect(reading).toMatchObject({ matter: { value: { code: 'robbery' } }, place: { poleCode: { value: '2051234' } } });
  });

  it('are complained of by file, all at once', () => {
    const broken = { 'words/replies.yaml': 'zh: {}', 'words/centres.yaml': 'centres: []', 'words/zh.yaml': 'matters: 5' };
    const complaints = complaintsOf(() => loadWords(load({}), filesOf(broken)));
    for (const file of ['replies.yaml', 'centres.yaml', 'word list']) {
      expect(complaints.filter((complaint) => complaint.startsWith(file)).length).toBeGreaterThan(0);
    }
  });
});

describe('the settings file that is shipped', () => {
  it('shows the usual rules for threads as they are', () => {
    const shown = (projectFiles().read('config/intake.yaml') ?? '').match(/^ {2}# {3}- \{.*\}$/gm) ?? [];
    const { which } = load({
      'config/intake.yaml': ['texts:', '  threads:', ...shown.map((line) => line.replace('#', ' '))].join('\n'),
    }).texts;
    expect(which).toEqual(USUAL_WHICH);
  });
});

describe('the example of the gateways', () => {
  const example = projectFiles().read('config/gateways.example.yaml') ?? '';
  const secrets = Object.fromEntries([...example.matchAll(/\/etc\/intake110\/[\w.-]+/g)].map(([path]) => [path, SECRET]));
  const read = (yaml: string): Settings['texts'] => load({ 'config/gateways.yaml': yaml, ...secrets }).texts;

  it('is right: every kind, both forms of HTTP, and a way to a centre', () => {
    const { gateways: all, ways } = read(example);
    expect(all.map(({ kind }) => kind)).toEqual(['smpp', 'cmpp', 'http', 'http', 'sip']);
    expect(all.flatMap((one) => (one.kind === 'http' ? [one.out?.form] : []))).toEqual(['json', 'kannel']);
    expect(ways.map(({ code }) => code)).toEqual(['230200']);
  });

  it('is right with what stands there as a remark, too', () => {
    const whole = example.replaceAll(/^( +)# (\w+_(?:file|files|type|url): )/gm, '$1$2');
    expect(whole.length).toBe(example.length - 4 * '# '.length);
    expect(() => read(whole)).not.toThrow();
  });

  it('calls a default only what is one', () => {
    const lines = example.split('\n');
    const without = lines.filter((line) => !line.includes('# default'));
    expect(without.length).toBeLessThan(lines.length - 20);
    expect(read(without.join('\n'))).toEqual(read(example));
  });
});
