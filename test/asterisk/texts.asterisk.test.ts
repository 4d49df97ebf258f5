/**
 * Texts as SIP MESSAGE on a real Asterisk: what nobody listens to is written down and handed in once, what comes twice is one text, and
 * nobody but the trunk can send any.
 */
import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { clock } from '../../src/clock.ts';
import { openSipTexts, type SipTextsSettings } from '../../src/asterisk/texts.ts';
import type { TextGateway } from '../../src/control/text-ports.ts';
import { textSpoolFolderOf } from '../../scripts/stack/asterisk-config.ts';
import { openEars, type Ears } from '../contract/gateway.ears.ts';
import { textOf } from '../contract/gateway.peer.ts';
import { type PrivateAsterisk, startAsterisk } from '../stack/asterisk.ts';
import { type KeptLog, keptLog } from '../stack/log.ts';
import { HOST } from '../stack/loopback.ts';
import { openDeskPhone } from '../stack/phone.ts';
import { openSipTexter, type SipTexter } from '../stack/sip-texter.ts';
import { until } from '../stack/until.ts';

const RUSSIAN = '127.0.0.2';

let asterisk: PrivateAsterisk;
let trunk: SipTexter;
let folder = '';
let ears: Ears;
let log: KeptLog;
/** By every gateway of every test. */
const said: string[] = [];
let gateway: TextGateway;
const server = () => ({ host: asterisk.settings.sipHost, port: asterisk.settings.sipPort });
const made = (about: Partial<SipTextsSettings> = {}): TextGateway => {
  const { settings } = asterisk;
  return openSipTexts(
    {
      name: 'sip',
      ariUrl: `http://${HOST}:${settings.httpPort}/ari`,
      ariUser: settings.ariUser,
      ariPassword: settings.ariPassword,
      instance: 'one',
      spoolFolder: folder,
      trunkContact: `${HOST}:${trunk.port}`,
      answerWithinMs: 2000,
      lookEveryMs: 20,
      ...about,
    },
    { clock, log },
  );
};
const spooled = async (): Promise<readonly string[]> => (await readdir(folder)).filter((file) => file.endsWith('.json'));
const isSpooled = (count: number) => until(`${count} records`, async () => (await spooled()).length === count);
const opened = async (): Promise<void> => {
  await gateway.open(ears);
  await until('the gateway to be up', () => gateway.health().isUp);
};

beforeAll(async () => {
  trunk = await openSipTexter(server);
  asterisk = await startAsterisk({
    trunkAddresses: [HOST, RUSSIAN],
    languagesByTrunk: { [RUSSIAN]: 'ru' },
    trunkContact: `${HOST}:${trunk.port}`,
    volunteers: [{ endpoint: 'anna', secret: 'secret-anna' }],
  });
  folder = textSpoolFolderOf(asterisk.settings);
}, 30_000);
afterAll(async () => {
  trunk.close();
  await asterisk.stop();
}, 30_000);
beforeEach(() => {
  log = keptLog();
  ears = openEars();
  gateway = made();
});
afterEach(async () => {
  await gateway.close();
  // What a test left is no matter of the next.
  const rest = made({ copyAfterMs: 0, instance: 'rest' });
  await rest.open(openEars());
  await isSpooled(0);
  await rest.close();
  said.push(...log.lines);
});

test('a controller that was away is handed every text once when it is back, in the order they came', async () => {
  for (const body of ['一', '二', '三']) expect(await trunk.send({ body })).toBe(202);
  await isSpooled(3);
  const before = Date.now();
  await opened();
  expect(await trunk.send({ body: '四' })).toBe(202);
  await until('all to be handed in', () => ears.kept.length === 4);
  await isSpooled(0);
  expect(ears.texts).toHaveLength(4);
  expect(
    ears.kept
      .filter(({ sentAt }) => sentAt !== null)
      .toSorted((one, other) => (one.sentAt ?? 0) - (other.sentAt ?? 0))
      .map(textOf),
  ).toEqual(['一', '二', '三']);
  expect(ears.kept.every(({ sentAt }) => sentAt === null || (sentAt <= before && sentAt > before - 60_000))).toBe(true);
});

test('both copies of a text are one, whichever of them is handed in, and also after a restart in between', async () => {
  await opened();
  ears.fail();
  expect(await trunk.send({ body: '救命 "😀" \\ ${SHELL(id)} ,)}', callId: 'both "of"{them' })).toBe(202);
  await until('the event to be heard', () => ears.texts.length === 1);
  expect(await until('trouble to be told', () => gateway.health().trouble)).toContain('could not be kept');
  expect(await spooled()).toHaveLength(1);
  await gateway.close();
  ears.mend();
  gateway = made({ copyAfterMs: 0 });
  await opened();
  await until('the record to be handed in', () => ears.kept.length === 1);
  await isSpooled(0);
  const [event, record] = ears.texts;
  expect({ ...record, sentAt: null }).toEqual(event);
  expect(record).toMatchObject({ from: '13800000078', to: '121100451', coding: 'utf8' });
  expect(record && textOf(record)).toBe('救命 "😀" \\ ${SHELL(id)} ,)}');
  expect(gateway.health().trouble).toBeNull();
});

test('a record is taken away only after its text is kept', async () => {
  await trunk.send({ body: 'x' });
  await isSpooled(1);
  gateway = made({ copyAfterMs: 0 });
  ears.hold();
  await opened();
  await until('it to be handed in', () => ears.texts.length === 1);
  // It is looked at many times meanwhile, and handed in once.
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect([await spooled(), ears.texts]).toMatchObject([{ length: 1 }, { length: 1 }]);
  ears.release();
  await isSpooled(0);
});

test('one Call-ID with other words is another text; a request that is repeated is not', async () => {
  await opened();
  for (const [body, sequence] of [
    ['first', 1],
    ['second', 2],
    ['first', 3],
  ] as const) {
    expect(await trunk.send({ body, sequence, callId: 'a-chat' })).toBe(202);
  }
  await until('all to be handed in', () => ears.texts.length === 3);
  expect(ears.kept.map(textOf)).toEqual(['first', 'second']);
});

test.each([
  ['line breaks and signs of control', Buffer.from('a\r\nb\n\tc\u0001\u001b"\\'), 'utf8', 'a\r\nb\n\tc\u0001\u001b"\\'],
  ['signs of four octets, as many as Asterisk takes', Buffer.from(`${'😀'.repeat(255)}abc`), 'utf8', `${'😀'.repeat(255)}abc`],
  ['nothing', Buffer.alloc(0), 'utf8', ''],
  ['GB18030 that nobody named', Buffer.from('bec8c3fc', 'hex'), 'gb18030', '救命'],
])('a text with %s comes as it was sent', async (_what, body, coding, text) => {
  gateway = made({ copyAfterMs: 300 });
  await opened();
  expect(await trunk.send({ body, headers: { 'content-type': 'text/plain' } })).toBe(202);
  const heard = await until('it to be handed in', () => ears.texts[0]);
  expect(heard.coding).toBe(coding);
  expect(textOf(heard)).toBe(text);
  await isSpooled(0);
  expect(ears.texts).toHaveLength(1);
});

test.each([1024, 10_000, 30_000])('a text of %i octets, which Asterisk does not hand on, is known to have come', async (octets) => {
  await opened();
  expect(await trunk.send({ body: 'x'.repeat(octets) })).toBe(202);
  const heard = await until('it to be handed in', () => ears.texts[0]);
  expect(heard).toMatchObject({ coding: 'binary', from: '13800000078', to: '121100451' });
});

test('what is no plain text is refused by Asterisk in the words of SIP', async () => {
  await opened();
  for (const type of ['text/html', 'message/cpim', 'application/vnd.3gpp.sms']) {
    expect(await trunk.send({ body: 'x', headers: { 'content-type': type } })).toBe(415);
  }
  expect(await trunk.send({ body: 'x', headers: { 'call-id': undefined } })).not.toBe(202);
  expect([ears.texts, await spooled()]).toEqual([[], []]);
});

test.each(['an event', 'a record'])("in %s, the network's own word on who sends counts, and a number in a name does not", async (copy) => {
  const send = async (): Promise<void> => {
    const asserted = '"Lu" <sip:+8613911112222@ims.example;user=phone>, <tel:+8613911112222>';
    await trunk.send({ from: 'anonymous', body: 'asserted', headers: { 'p-asserted-identity': asserted } });
    const named = { name: '"110 <sip:110@evil.example>"', uri: 'sip:13900000012@host.example', params: { tag: 'a' } };
    await trunk.send({ body: 'named', headers: { from: named } });
  };
  if (copy === 'a record') await send();
  await isSpooled(copy === 'a record' ? 2 : 0);
  gateway = made(copy === 'a record' ? { copyAfterMs: 0 } : {});
  await opened();
  if (copy === 'an event') await send();
  await until('both to be handed in', () => ears.kept.length === 2);
  expect(new Map(ears.kept.map((heard) => [textOf(heard), heard.from]))).toEqual(
    new Map([
      ['asserted', '+8613911112222'],
      ['named', '13900000012'],
    ]),
  );
});

test.each(['+12110', '12110', '110', 'alarm'])('a text to %s is taken as well, by both ways', async (to) => {
  await trunk.send({ to, body: 'away' });
  await isSpooled(1);
  gateway = made({ copyAfterMs: 0 });
  await opened();
  await trunk.send({ to, body: 'here' });
  await until('both to be handed in', () => ears.kept.length === 2);
  expect(new Map(ears.kept.map((heard) => [textOf(heard), heard.to]))).toEqual(
    new Map([
      ['away', to],
      ['here', to],
    ]),
  );
});

test.each([
  ["a call taker's", 'taker-1001', 'secret-1001'],
  ["a volunteer's", 'anna', 'secret-anna'],
])('%s phone sends no texts, and none becomes a call', async (_whose, user, password) => {
  await opened();
  const phone = await openDeskPhone(server(), user, password);
  await phone.register();
  for (const to of ['110', '12110']) {
    expect(await trunk.send({ from: user, to, body: 'x' })).toBe(401);
    expect(await trunk.send({ from: user, to, body: 'x', as: { user, password } })).toBe(404);
  }
  await phone.unregister();
  phone.close();
  expect([ears.texts, await spooled()]).toEqual([[], []]);
});

test('who is not the trunk sends nothing', async () => {
  const alone = await startAsterisk({ trunkAddresses: ['192.0.2.1'] });
  const stranger = await openSipTexter(() => ({ host: alone.settings.sipHost, port: alone.settings.sipPort }));
  try {
    expect(await stranger.send({ body: 'x' })).toBe(401);
    expect(await readdir(textSpoolFolderOf(alone.settings))).toEqual([]);
  } finally {
    stranger.close();
    await alone.stop();
  }
});

test('an Asterisk that was started anew is listened to again', async () => {
  const first = await startAsterisk();
  const { sipPort, httpPort } = first.settings;
  const far = await openSipTexter(() => ({ host: HOST, port: sipPort }));
  // Only by its event can a text be handed in so soon.
  gateway = made({ ariUrl: `http://${HOST}:${httpPort}/ari`, spoolFolder: join(first.folder, 'none'), copyAfterMs: 60_000 });
  await opened();
  await first.stop();
  await until('it to be missed', () => !gateway.health().isUp);
  const second = await startAsterisk({ sipPort, httpPort });
  try {
    await until('the gateway to be up', () => gateway.health().isUp, 10_000);
    expect(await far.send({ body: '救命' })).toBe(202);
    expect(textOf(await until('it to be heard', () => ears.texts[0]))).toBe('救命');
  } finally {
    far.close();
    await second.stop();
  }
}, 30_000);

test('every trunk address is heard at once, the one with a language too', async () => {
  const endpoints = async () => {
    const answer = await fetch(`http://${HOST}:${asterisk.settings.httpPort}/ari/applications/texts-one`, {
      headers: { authorization: `Basic ${Buffer.from('controller:ari-secret').toString('base64')}` },
    });
    return ((await answer.json()) as { readonly endpoint_ids: readonly string[] }).endpoint_ids;
  };
  await opened();
  expect((await endpoints()).toSorted()).toEqual(['PJSIP/trunk', 'PJSIP/trunk.2']);
});

test('a thousand texts at once are all handed in, each once, and their records are gone', async () => {
  await opened();
  const statuses = await Promise.all(Array.from({ length: 1000 }, (_, n) => trunk.send({ body: `救命 ${n}`, callId: `flood-${n}` })));
  const accepted = statuses.filter((status) => status === 202).length;
  expect(accepted).toBeGreaterThan(900);
  await until('all to be handed in', () => ears.kept.length >= accepted, 10_000);
  await until('all records to be gone', async () => (await spooled()).length === 0, 10_000);
  expect(ears.texts.length).toBe(ears.kept.length);
}, 25_000);

test('a long text of ours goes in pieces that each fit one MESSAGE, none of them split within a sign', async () => {
  await opened();
  const text = `${'您的短信已收到。'.repeat(90)}😀`;
  const before = trunk.taken.length;
  expect(await gateway.send({ id: 'a.1', from: '12110', to: '13800000078', text })).toEqual({ is: 'handed-on' });
  const pieces = await until('all of it', () => {
    const come = trunk.taken.slice(before);
    return come.map((piece) => piece.text).join('') === text && come;
  });
  expect(pieces.every(({ octets }) => octets <= 900)).toBe(true);
});

test('a text to no number, or from none, is refused; without a way out nothing is sent', async () => {
  await opened();
  const sent = trunk.taken.length;
  const send = (to: string, from: string, one = gateway) => one.send({ id: 'a.1', to, from, text: 'x' });
  expect(await send('anonymous', '12110')).toMatchObject({ is: 'refused' });
  expect(await send('138', '12110@host\r\nX: y')).toMatchObject({ is: 'refused' });
  const deaf = made({ trunkContact: null });
  expect(await send('138', '12110', deaf)).toMatchObject({ is: 'unreachable', answer: expect.stringContaining('contact') as string });
  await deaf.close();
  expect(trunk.taken).toHaveLength(sent);
});

test('the spool is read while ARI is not to be had', async () => {
  gateway = made({ ariPassword: 'wrong', copyAfterMs: 0 });
  await gateway.open(ears);
  await trunk.send({ body: 'x' });
  await until('it to be handed in', () => ears.kept.length === 1);
  await isSpooled(0);
  expect(gateway.health()).toMatchObject({ isUp: false, trouble: expect.any(String) as string });
  expect(JSON.stringify([log.lines, gateway.health()])).not.toContain('wrong');
});

test('a record that cannot be read is told in its health, until somebody has seen to it', async () => {
  await writeFile(join(folder, 'half.json'), '{"from":');
  await utimes(join(folder, 'half.json'), 1, 1);
  await opened();
  expect(await until('the trouble to be told', () => gateway.health().trouble)).toContain('half.json');
  expect(gateway.health().isUp).toBe(true);
  await rm(join(folder, 'unreadable'), { recursive: true });
  await until('the trouble to be over', () => gateway.health().trouble === null);
});

test("no sender's number stands in a log, ours or Asterisk's", async () => {
  expect(said.filter((line) => line.includes('800000'))).toEqual([]);
  expect(await readFile(`${asterisk.folder}/log/messages`, 'utf8')).not.toMatch(/13800000078/);
});
