/**
 * Texts as SIP MESSAGE on a real Asterisk: what nobody listens to is written down and handed in once, what comes twice is one text, and
 * nobody but the trunk can send any.
 */
import { rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { textOf } from '../contract/gateway.peer.ts';
import { textsHouse } from './texts.house.ts';
import { until } from '../stack/until.ts';

const house = textsHouse();

test('a controller that was away is handed every text once when it is back, in the order they came', async () => {
  for (const body of ['一', '二', '三']) expect(await house.trunk.send({ body })).toBe(202);
  await house.isSpooled(3);
  const before = Date.now();
  await house.opened();
  expect(await house.trunk.send({ body: '四' })).toBe(202);
  await until('all to be handed in', () => house.ears.kept.length === 4);
  await house.isSpooled(0);
  expect(house.ears.texts).toHaveLength(4);
  expect(
    house.ears.kept
      .filter(({ sentAt }) => sentAt !== null)
      .toSorted((one, other) => (one.sentAt ?? 0) - (other.sentAt ?? 0))
      .map(textOf),
  ).toEqual(['一', '二', '三']);
  expect(house.ears.kept.every(({ sentAt }) => sentAt === null || (sentAt <= before && sentAt > before - 60_000))).toBe(true);
});

test('both copies of a text are one, whichever of them is handed in, and also after a restart in between', async () => {
  await house.opened();
  house.ears.fail();
  expect(await house.trunk.send({ body: '救命 "😀" \\ ${SHELL(id)} ,)}', callId: 'both "of"{them' })).toBe(202);
  await until('the event to be heard', () => house.ears.texts.length === 1);
  expect(await until('trouble to be told', () => house.gateway.health().trouble)).toContain('could not be kept');
  expect(await house.spooled()).toHaveLength(1);
  await house.gateway.close();
  house.ears.mend();
  house.instead({ copyAfterMs: 0 });
  await house.opened();
  await until('the record to be handed in', () => house.ears.kept.length === 1);
  await house.isSpooled(0);
  const [event, record] = house.ears.texts;
  expect({ ...record, sentAt: null }).toEqual(event);
  expect(record).toMatchObject({ from: '13800000078', to: '121100451', coding: 'utf8' });
  expect(record && textOf(record)).toBe('救命 "😀" \\ ${SHELL(id)} ,)}');
  expect(house.gateway.health().trouble).toBeNull();
});

test('a record is taken away only after its text is kept', async () => {
  await house.trunk.send({ body: 'x' });
  await house.isSpooled(1);
  house.instead({ copyAfterMs: 0 });
  house.ears.hold();
  await house.opened();
  await until('it to be handed in', () => house.ears.texts.length === 1);
  // It is looked at many times meanwhile, and handed in once.
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect([await house.spooled(), house.ears.texts]).toMatchObject([{ length: 1 }, { length: 1 }]);
  house.ears.release();
  await house.isSpooled(0);
});

test('one Call-ID with other words is another text; a request that is repeated is not', async () => {
  await house.opened();
  for (const [body, sequence] of [
    ['first', 1],
    ['second', 2],
    ['first', 3],
  ] as const) {
    expect(await house.trunk.send({ body, sequence, callId: 'a-chat' })).toBe(202);
  }
  await until('all to be handed in', () => house.ears.texts.length === 3);
  expect(house.ears.kept.map(textOf)).toEqual(['first', 'second']);
});

test.each([
  ['line breaks and signs of control', Buffer.from('a\r\nb\n\tc\u0001\u001b"\\'), 'utf8', 'a\r\nb\n\tc\u0001\u001b"\\'],
  ['signs of four octets, as many as Asterisk takes', Buffer.from(`${'😀'.repeat(255)}abc`), 'utf8', `${'😀'.repeat(255)}abc`],
  ['nothing', Buffer.alloc(0), 'utf8', ''],
  ['GB18030 that nobody named', Buffer.from('bec8c3fc', 'hex'), 'gb18030', '救命'],
])('a text with %s comes as it was sent', async (_what, body, coding, text) => {
  house.instead({ copyAfterMs: 300 });
  await house.opened();
  expect(await house.trunk.send({ body, headers: { 'content-type': 'text/plain' } })).toBe(202);
  const heard = await until('it to be handed in', () => house.ears.texts[0]);
  expect(heard.coding).toBe(coding);
  expect(textOf(heard)).toBe(text);
  await house.isSpooled(0);
  expect(house.ears.texts).toHaveLength(1);
});

test.each([1024, 10_000, 30_000])('a text of %i octets, which Asterisk does not hand on, is known to have come', async (octets) => {
  await house.opened();
  expect(await house.trunk.send({ body: 'x'.repeat(octets) })).toBe(202);
  const heard = await until('it to be handed in', () => house.ears.texts[0]);
  expect(heard).toMatchObject({ coding: 'binary', from: '13800000078', to: '121100451' });
});

test.each(['an event', 'a record'])("in %s, the network's own word on who sends counts, and a number in a name does not", async (copy) => {
  const send = async (): Promise<void> => {
    const asserted = '"Lu" <sip:+8613911112222@ims.example;user=phone>, <tel:+8613911112222>';
    await house.trunk.send({ from: 'anonymous', body: 'asserted', headers: { 'p-asserted-identity': asserted } });
    const named = { name: '"110 <sip:110@evil.example>"', uri: 'sip:13900000012@host.example', params: { tag: 'a' } };
    await house.trunk.send({ body: 'named', headers: { from: named } });
  };
  if (copy === 'a record') await send();
  await house.isSpooled(copy === 'a record' ? 2 : 0);
  house.instead(copy === 'a record' ? { copyAfterMs: 0 } : {});
  await house.opened();
  if (copy === 'an event') await send();
  await until('both to be handed in', () => house.ears.kept.length === 2);
  expect(new Map(house.ears.kept.map((heard) => [textOf(heard), heard.from]))).toEqual(
    new Map([
      ['asserted', '+8613911112222'],
      ['named', '13900000012'],
    ]),
  );
});

test('a thousand texts at once are all handed in, each once, and their records are gone', async () => {
  await house.opened();
  const statuses = await Promise.all(Array.from({ length: 1000 }, (_, n) => house.trunk.send({ body: `救命 ${n}`, callId: `flood-${n}` })));
  const accepted = statuses.filter((status) => status === 202).length;
  expect(accepted).toBeGreaterThan(900);
  await until('all to be handed in', () => house.ears.kept.length >= accepted, 10_000);
  await until('all records to be gone', async () => (await house.spooled()).length === 0, 10_000);
  expect(house.ears.texts.length).toBe(house.ears.kept.length);
}, 25_000);

test('a long text of ours goes in pieces that each fit one MESSAGE, none of them split within a sign', async () => {
  await house.opened();
  const text = `${'您的短信已收到。'.repeat(90)}😀`;
  const before = house.trunk.taken.length;
  expect(await house.gateway.send({ id: 'a.1', from: '12110', to: '13800000078', text })).toEqual({ is: 'handed-on' });
  const pieces = await until('all of it', () => {
    const come = house.trunk.taken.slice(before);
    return come.map((piece) => piece.text).join('') === text && come;
  });
  expect(pieces.every(({ octets }) => octets <= 900)).toBe(true);
});

test('a record that cannot be read is told in its health, until somebody has seen to it', async () => {
  await writeFile(join(house.folder, 'half.json'), '{"from":');
  await utimes(join(house.folder, 'half.json'), 1, 1);
  await house.opened();
  expect(await until('the trouble to be told', () => house.gateway.health().trouble)).toContain('half.json');
  expect(house.gateway.health().isUp).toBe(true);
  await rm(join(house.folder, 'unreadable'), { recursive: true });
  await until('the trouble to be over', () => house.gateway.health().trouble === null);
});
