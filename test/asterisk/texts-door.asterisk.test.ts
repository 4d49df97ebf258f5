/**
 * The door of SIP MESSAGE on a real Asterisk: who may send, to which numbers, what is no text, and what is heard of when Asterisk or ARI
 * is not there.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { textSpoolFolderOf } from '../../scripts/stack/asterisk-config.ts';
import { textOf } from '../contract/gateway.peer.ts';
import { startAsterisk } from '../stack/asterisk.ts';
import { HOST } from '../stack/loopback.ts';
import { openDeskPhone } from '../stack/phone.ts';
import { openSipTexter } from '../stack/sip-texter.ts';
import { textsHouse } from './texts.house.ts';
import { until } from '../stack/until.ts';

const house = textsHouse();

test('what is no plain text is refused by Asterisk in the words of SIP', async () => {
  await house.opened();
  for (const type of ['text/html', 'message/cpim', 'application/vnd.3gpp.sms']) {
    expect(await house.trunk.send({ body: 'x', headers: { 'content-type': type } })).toBe(415);
  }
  expect(await house.trunk.send({ body: 'x', headers: { 'call-id': undefined } })).not.toBe(202);
  expect([house.ears.texts, await house.spooled()]).toEqual([[], []]);
});

test.each(['+12110', '12110', '110', 'alarm'])('a text to %s is taken as well, by both ways', async (to) => {
  await house.trunk.send({ to, body: 'away' });
  await house.isSpooled(1);
  house.instead({ copyAfterMs: 0 });
  await house.opened();
  await house.trunk.send({ to, body: 'here' });
  await until('both to be handed in', () => house.ears.kept.length === 2);
  expect(new Map(house.ears.kept.map((heard) => [textOf(heard), heard.to]))).toEqual(
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
  await house.opened();
  const phone = await openDeskPhone(house.server(), user, password);
  await phone.register();
  for (const to of ['110', '12110']) {
    expect(await house.trunk.send({ from: user, to, body: 'x' })).toBe(401);
    expect(await house.trunk.send({ from: user, to, body: 'x', as: { user, password } })).toBe(404);
  }
  await phone.unregister();
  phone.close();
  expect([house.ears.texts, await house.spooled()]).toEqual([[], []]);
});

test.each([
  ['who is not the trunk sends nothing', { trunkAddresses: ['192.0.2.1'] }, 401],
  ['where nobody reads texts the sender is told', { takesTexts: false }, 404],
])('%s', async (_what, about, status) => {
  const alone = await startAsterisk(about);
  const stranger = await openSipTexter(() => ({ host: alone.settings.sipHost, port: alone.settings.sipPort }));
  try {
    expect(await stranger.send({ body: 'x' })).toBe(status);
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
  house.instead({ ariUrl: `http://${HOST}:${httpPort}/ari`, spoolFolder: join(first.folder, 'none'), copyAfterMs: 60_000 });
  await house.opened();
  await first.stop();
  await until('it to be missed', () => !house.gateway.health().isUp);
  const second = await startAsterisk({ sipPort, httpPort });
  try {
    await until('the gateway to be up', () => house.gateway.health().isUp, 10_000);
    expect(await far.send({ body: '救命' })).toBe(202);
    expect(textOf(await until('it to be heard', () => house.ears.texts[0]))).toBe('救命');
  } finally {
    far.close();
    await second.stop();
  }
}, 30_000);

test('every trunk address is heard at once, the one with a language too', async () => {
  const endpoints = async () => {
    const answer = await fetch(`http://${HOST}:${house.asterisk.settings.httpPort}/ari/applications/texts-one`, {
      headers: { authorization: `Basic ${Buffer.from('controller:ari-secret').toString('base64')}` },
    });
    return ((await answer.json()) as { readonly endpoint_ids: readonly string[] }).endpoint_ids;
  };
  await house.opened();
  expect((await endpoints()).toSorted()).toEqual(['PJSIP/trunk', 'PJSIP/trunk.2']);
});

test('a text to no number, or from none, is refused; without a way out nothing is sent', async () => {
  await house.opened();
  const sent = house.trunk.taken.length;
  const send = (to: string, from: string, one = house.gateway) => one.send({ id: 'a.1', to, from, text: 'x' });
  expect(await send('anonymous', '12110')).toMatchObject({ is: 'refused' });
  expect(await send('138', '12110@host\r\nX: y')).toMatchObject({ is: 'refused' });
  const deaf = house.made({ trunkContact: null });
  expect(await send('138', '12110', deaf)).toMatchObject({ is: 'unreachable', answer: expect.stringContaining('contact') as string });
  await deaf.close();
  expect(house.trunk.taken).toHaveLength(sent);
});

test('the spool is read while ARI is not to be had', async () => {
  house.instead({ ariPassword: 'wrong', copyAfterMs: 0 });
  await house.gateway.open(house.ears);
  await house.trunk.send({ body: 'x' });
  await until('it to be handed in', () => house.ears.kept.length === 1);
  await house.isSpooled(0);
  expect(house.gateway.health()).toMatchObject({ isUp: false, trouble: expect.any(String) as string });
  expect(JSON.stringify([house.gateway.health()])).not.toContain('wrong');
});

test("no sender's number stands in a log, ours or Asterisk's", async () => {
  expect(house.said.filter((line) => line.includes('800000'))).toEqual([]);
  expect(await readFile(`${house.asterisk.folder}/log/messages`, 'utf8')).not.toMatch(/13800000078/);
});
