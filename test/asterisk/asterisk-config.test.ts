/**
 * The templates: complete, and closed to values that would become lines of configuration.
 */
import { mkdtemp, readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AsteriskSettings, renderAsteriskConfig, renderTemplate } from '../../scripts/stack/asterisk-config.ts';
import { Fault } from '../../src/kernel/faults.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'intake-config-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const settings = (about: Partial<AsteriskSettings> = {}): AsteriskSettings => ({
  sipHost: '127.0.0.1',
  sipPort: 5060,
  rtpPorts: { from: 10_000, to: 10_400 },
  httpHost: '127.0.0.1',
  httpPort: 8088,
  ariUser: 'controller',
  ariPassword: 'ari-secret',
  amiHost: '127.0.0.1',
  amiPort: 5038,
  amiUser: 'listener',
  amiPassword: 'ami-secret',
  trunkAddresses: ['192.0.2.1', '198.51.100.0/24'],
  emergencyNumbers: ['110', '12110'],
  callTakers: [
    { endpoint: 'taker-1001', secret: 'one' },
    { endpoint: 'taker-1002', secret: 'two' },
  ],
  promptsFolder: '/prompts/zh',
  recordingsFolder: join(folder, 'recordings'),
  fallbackSpoolFolder: join(folder, 'fallback'),
  moduleFolder: '/modules',
  dataFolder: '/data',
  systemName: 'intake',
  ...about,
});
const complaints = async (about: Partial<AsteriskSettings>): Promise<readonly string[]> => {
  const thrown = await renderAsteriskConfig(join(folder, 'stack'), settings(about)).catch((refused: unknown) => refused);
  if (!(thrown instanceof Fault)) throw new Error('it was rendered');
  return thrown.details;
};

test('every placeholder is filled, every list is written out, and secrets are for the owner alone', async () => {
  const { confFile } = await renderAsteriskConfig(join(folder, 'stack'), settings());
  const etc = join(folder, 'stack', 'etc');
  expect(confFile).toBe(join(etc, 'asterisk.conf'));
  const files = await readdir(etc);
  const texts = await Promise.all(files.map((file) => readFile(join(etc, file), 'utf8')));
  expect(texts.filter((text) => /\{\{|\}\}\}|undefined/.test(text))).toEqual([]);
  const modes = await Promise.all(files.map(async (file) => (await stat(join(etc, file))).mode & 0o077));
  expect(new Set(modes)).toEqual(new Set([0]));
  const pjsip = await readFile(join(etc, 'pjsip.conf'), 'utf8');
  expect(pjsip.match(/^match = .*$/gm)).toEqual(['match = 192.0.2.1', 'match = 198.51.100.0/24']);
  expect(pjsip.match(/^endpoint = .*$/gm)).toEqual(['endpoint = trunk', 'endpoint = trunk']);
  expect(pjsip).not.toContain('set_var');
  expect(pjsip.match(/^password = .*$/gm)).toEqual(['password = one', 'password = two']);
  const extensions = await readFile(join(etc, 'extensions.conf'), 'utf8');
  expect(extensions).toContain('exten => 12110,1,Goto(intake,12110,1)');
  expect(await readlink(join(folder, 'stack', 'spool', 'recording'))).toBe(join(folder, 'recordings'));
});

test('rendering again over a running stack is harmless', async () => {
  await renderAsteriskConfig(join(folder, 'stack'), settings());
  await renderAsteriskConfig(join(folder, 'stack'), settings({ recordingsFolder: join(folder, 'elsewhere') }));
  expect(await readlink(join(folder, 'stack', 'spool', 'recording'))).toBe(join(folder, 'elsewhere'));
});

test.each([
  ['a new line', { ariPassword: 'x\nread_only = no' }, 'ariPassword'],
  ['a carriage return', { amiPassword: 'x\rwrite = all' }, 'amiPassword'],
  ['a comment', { ariUser: 'x;y' }, 'ariUser'],
  ['a section', { ariUser: 'x]y' }, 'ariUser'],
  ['a dialplan variable', { promptsFolder: '/p/${SHELL(id)}' }, 'promptsFolder'],
  ['a dialplan argument', { promptsFolder: '/p,noanswer' }, 'promptsFolder'],
  ['a second endpoint', { callTakers: [{ endpoint: 'a&PJSIP/b', secret: 's' }] }, 'endpoint'],
  ['a secret of two lines', { callTakers: [{ endpoint: 'a', secret: 's\ncontext = from-trunk' }] }, 'secret'],
  ['an address of two lines', { trunkAddresses: ['192.0.2.1\nmatch = 0.0.0.0/0'] }, 'address'],
  ['a language of two lines', { languagesByTrunk: { '192.0.2.1': 'ru\ncontext = from-desk' } }, 'language'],
  ['a language for a trunk that is none', { languagesByTrunk: { '192.0.2.9': 'ru' } }, 'languagesByTrunk'],
  ['a number that is a pattern', { emergencyNumbers: ['_X.'] }, 'emergencyNumbers'],
  ['a phone that takes the trunk for itself', { volunteers: [{ endpoint: 'trunk', secret: 's' }] }, 'volunteers'],
  ["a volunteer's phone without a secret", { volunteers: [{ endpoint: 'anna', secret: '' }] }, 'volunteers'],
  ['a way out that is two', { trunkContact: '192.0.2.1,sip:192.0.2.2' }, 'trunkContact'],
  ['a way out of two lines', { trunkContact: '192.0.2.1\nqualify_frequency = 1' }, 'trunkContact'],
  ['an empty password', { ariPassword: '' }, 'ariPassword'],
] satisfies [string, Partial<AsteriskSettings>, string][])(
  '%s in a value is refused, and nothing is written',
  async (_what, about, named) => {
    expect((await complaints(about)).join('\n')).toContain(named);
    await expect(readdir(join(folder, 'stack'))).rejects.toThrow('ENOENT');
  },
);

test("volunteers' phones register like call takers', and one name is one phone", async () => {
  const volunteers = [{ endpoint: 'anna', secret: 'three' }];
  await renderAsteriskConfig(join(folder, 'stack'), settings({ volunteers, trunkContact: 'trunk.example:5080' }));
  const pjsip = await readFile(join(folder, 'stack', 'etc', 'pjsip.conf'), 'utf8');
  expect(pjsip.match(/^password = .*$/gm)).toEqual(['password = one', 'password = two', 'password = three']);
  expect(pjsip.match(/^context = .*$/gm)).toEqual(['from-trunk', 'from-desk', 'from-desk', 'from-trunk'].map((one) => `context = ${one}`));
  expect(pjsip.match(/^(aors = trunk|contact = .*)$/gm)).toEqual(['aors = trunk', 'contact = sip:trunk.example:5080']);
  const [taken] = settings().callTakers;
  expect((await complaints({ volunteers: taken === undefined ? [] : [taken] })).join()).toContain('same endpoint');
});

test('a caller is never cut for silence, a phone of ours is', async () => {
  const { confFile } = await renderAsteriskConfig(join(folder, 'stack'), settings());
  const pjsip = await readFile(join(confFile, '..', 'pjsip.conf'), 'utf8');
  expect(pjsip.match(/^rtp_timeout = .*$/gm)).toEqual(['rtp_timeout = 0', 'rtp_timeout = 30', 'rtp_timeout = 30']);
  expect(pjsip.match(/^rtp_timeout_hold = .*$/gm)).toEqual(['rtp_timeout_hold = 0', 'rtp_timeout_hold = 300', 'rtp_timeout_hold = 300']);
});

test('a trunk address with a language has an endpoint of its own that sets it, with the settings of the trunk', async () => {
  const languagesByTrunk = { '198.51.100.0/24': 'ru' };
  const { confFile } = await renderAsteriskConfig(join(folder, 'stack'), settings({ languagesByTrunk }));
  const pjsip = await readFile(join(confFile, '..', 'pjsip.conf'), 'utf8');
  expect(pjsip).toContain('[trunk](trunk-settings)\n');
  expect(pjsip).toContain('[trunk.2](trunk-settings)\nset_var = INTAKE_LANGUAGE=ru\n');
  expect(pjsip).toContain('endpoint = trunk\nmatch = 192.0.2.1\n');
  expect(pjsip).toContain('endpoint = trunk.2\nmatch = 198.51.100.0/24\n');
  expect(pjsip.match(/set_var/g)).toHaveLength(1);
});

test("a text is the trunk's to send, wherever it comes in, and no phone's", async () => {
  const { confFile } = await renderAsteriskConfig(
    join(folder, 'stack'),
    settings({ volunteers: [{ endpoint: 'anna', secret: 's' }], languagesByTrunk: { '198.51.100.0/24': 'ru' } }),
  );
  const pjsip = await readFile(join(confFile, '..', 'pjsip.conf'), 'utf8');
  expect(pjsip.match(/^message_context = .*$/gm)).toEqual(
    ['texts', 'no-texts', 'no-texts', 'no-texts'].map((one) => `message_context = ${one}`),
  );
  const extensions = await readFile(join(confFile, '..', 'extensions.conf'), 'utf8');
  expect(extensions).toMatch(/^\[no-texts\]\n*$/m);
  expect(extensions).toContain(`Set(FILE(${join(folder, 'texts')}/\${STRFTIME`);
  expect((await stat(join(folder, 'texts'))).isDirectory()).toBe(true);
  await renderAsteriskConfig(join(folder, 'stack'), settings({ textSpoolFolder: join(folder, 'elsewhere') }));
  expect(await readFile(join(confFile, '..', 'extensions.conf'), 'utf8')).toContain(`Set(FILE(${join(folder, 'elsewhere')}/`);
  expect(await complaints({ textSpoolFolder: '/x/${SHELL(id)}' })).toEqual([
    'textSpoolFolder: has a character that cannot stand in extensions.conf',
  ]);
});

test('all complaints come at once', async () => {
  const all = await complaints({ systemName: 'a b', trunkAddresses: [], broadcastMs: 5, rtpPorts: { from: 1, to: 1 } });
  expect(all).toHaveLength(4);
});

test('a placeholder nobody fills, and a list nobody knows, are complaints', () => {
  const complaints: string[] = [];
  const rendering = { name: 'x.conf', forbidden: /;/, complaints, used: new Set<string>() };
  renderTemplate('{{unheard}}\n{{#nobody}}\na\n{{/nobody}}\n', {}, {}, rendering);
  expect(complaints).toEqual(['x.conf: nothing is known of the list {{#nobody}}', 'x.conf: nothing is known of {{unheard}}']);
});
