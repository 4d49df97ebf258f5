/**
 * The SMPP gateway and a gateway that others wrote: Debian's Kannel, with a message centre between them that hands octets on as they
 * are. What Kannel encodes and splits is read by us as it was written, and what we encode and split is put together by Kannel.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clock } from '../../src/clock.ts';
import type { TextGateway } from '../../src/control/text-ports.ts';
import { textId } from '../../src/kernel/ids.ts';
import { instant } from '../../src/kernel/instants.ts';
import { openSmpp } from '../../src/sms-gateways/smpp.ts';
import { takeIn } from '../../src/sms/received.ts';
import type { TextHeard } from '../../src/sms/text.ts';
import type { Received } from '../../src/sms/thread.ts';
import { openEars, type Ears } from '../contract/gateway.ears.ts';
import { openRelay, type Relay } from '../simulators/smsc-relay.ts';
import { startKannel, type PrivateKannel } from '../stack/kannel.ts';
import { keptLog } from '../stack/log.ts';
import { HOST } from '../stack/loopback.ts';
import { until } from '../stack/until.ts';
import { settingsFor } from './smpp.peer.ts';

/** Fetching the packages, once. */
const FETCHED_WITHIN_MS = 900_000;
const PASSWORD = 'kannelpw';
const REPORTER = '8613812345678';
const CENTRE = '121100451';

const CHINESE = '我在灯杆1234567旁边，有人持刀抢劫，请快来';
const LONG_CHINESE = `${'这里是中央大街，三个人在打架，有一个人流血了。'.repeat(9)}完`;
const EMOJI = `${'😀🚓👮‍♀️'.repeat(40)}!`;
const EXTENSION = 'Price 5€ [door] {2nd floor} ~ ^ | \\ à é ñ Ω @ $ £';
const LONG_LATIN = `${'Help, corner of Main St. & 3rd Ave [pole 12€] '.repeat(12)}end`;

describe.skipIf(process.env['TESTS_WITHOUT_PROGRAMS'] === 'yes')('a gateway over SMPP with Kannel on the other side', () => {
  let relay: Relay;
  let kannel: PrivateKannel;
  let gateway: TextGateway;
  let ears: Ears;
  const ends: (() => unknown)[] = [];
  const asked: URLSearchParams[] = [];

  beforeAll(async () => {
    const web = createServer((request, response) => {
      asked.push(binaryQuery(request.url ?? ''));
      response.end('');
    }).listen(0, HOST);
    ends.push(() => web.close());
    await once(web, 'listening');
    const { port } = web.address() as AddressInfo;
    relay = await openRelay(PASSWORD);
    ends.push(() => relay.smsc.close());
    const smsc = { port: relay.smsc.port, systemId: 'kannel', password: PASSWORD };
    kannel = await startKannel({
      smsc,
      getUrl: `http://${HOST}:${port}/in?from=%p&to=%P&coding=%c&text=%b`,
      coreLines: ['sms-resend-freq = 1'],
    });
    ends.push(() => kannel.stop());
    ears = openEars();
    gateway = openSmpp(settingsFor(relay.smsc.port, { password: PASSWORD, answerWithinMs: 5000 }), { clock, log: keptLog() });
    ends.push(() => gateway.close());
    await gateway.open(ears);
    await until('the gateway is up', () => gateway.health().isUp);
  }, FETCHED_WITHIN_MS);
  afterAll(async () => {
    for (const end of ends.toReversed()) await end();
  });
  beforeEach(() => {
    asked.length = 0;
  });

  it.each([
    { name: 'Chinese', text: CHINESE, coding: 2, parts: 1 },
    { name: 'long Chinese', text: LONG_CHINESE, coding: 2, parts: 4 },
    { name: 'signs of two halves, cut anywhere', text: EMOJI, coding: 2, parts: 6 },
    { name: 'signs of the extension table', text: EXTENSION, coding: 0, parts: 1 },
    { name: 'long letters with signs of the extension table', text: LONG_LATIN, coding: 0, parts: 4 },
  ] as const)('reads what Kannel sends: $name', async ({ text, coding, parts }) => {
    const before = ears.texts.length;
    const answer = await kannel.send({ from: REPORTER, to: CENTRE, text, coding });
    expect(answer).toMatchObject({ status: 202 });
    await until('every part is here', () => ears.texts.length >= before + parts);
    const heard = ears.texts.slice(before);
    expect(heard.map(({ from, to, carrierId }) => [from, to, carrierId])).toEqual(heard.map(() => [REPORTER, CENTRE, null]));
    const list = allTakenIn(heard);
    expect(list.map((received) => received.text)).toEqual([text]);
    expect(list[0]).toMatchObject({ isComplete: true });
    expect(heard).toHaveLength(parts);
    expect(relay.relayed.slice(-parts).every(({ dataCoding }) => dataCoding === (coding === 2 ? 8 : 0))).toBe(true);
  });

  it('was sent signs of which the halves came in different parts', () => {
    const parts = relay.relayed.filter(({ dataCoding, esmClass }) => dataCoding === 8 && (esmClass & 0x40) !== 0);
    const firsts = parts.map(({ octets }) => octets.readUInt16BE(1 + (octets[0] ?? 0)));
    expect(firsts.some((unit) => unit >= 0xdc00 && unit <= 0xdfff)).toBe(true);
  });

  it('has Kannel repeat what could not be kept, and keeps it then', async () => {
    const before = ears.kept.length;
    ears.fail();
    await kannel.send({ from: REPORTER, to: CENTRE, text: CHINESE, coding: 2 });
    await until('the text was handed in once', () => ears.texts.length > before);
    ears.mend();
    await until('the text is kept', () => ears.kept.length > before, 15_000);
    expect(allTakenIn(ears.kept.slice(before)).map((received) => received.text)).toEqual([CHINESE]);
  }, 20_000);

  it.each([
    { name: 'Chinese', text: '警察正在路上，请留在安全的地方' },
    { name: 'long Chinese with signs of two halves', text: LONG_CHINESE.replace('完', '👮完') },
    { name: 'letters with signs of the extension table', text: EXTENSION },
    { name: 'long letters with signs of the extension table', text: LONG_LATIN },
  ])('is read by Kannel: $name', async ({ text }) => {
    const sending = await gateway.send({ id: '01JAB0000000000000000000AA.7', to: REPORTER, from: CENTRE, text });
    expect(sending.is).toBe('accepted');
    const query = await until('Kannel asks', () => asked[0], 8000);
    expect([query.get('from'), query.get('to')]).toEqual([CENTRE, REPORTER]);
    const octets = Buffer.from(query.get('text') ?? '', 'latin1');
    expect(new TextDecoder(query.get('coding') === '2' ? 'utf-16be' : 'utf-8', { fatal: true }).decode(octets)).toBe(text);
  });
});

const RULES = { partsWithinMs: 3_600_000, repeatWithinMs: 60_000 };

function allTakenIn(texts: readonly TextHeard[]): readonly Received[] {
  let list: readonly Received[] = [];
  for (const [n, heard] of texts.entries()) {
    const kept = { ...heard, id: textId(`T${n}`), octets: Buffer.from(heard.octets).toString('base64'), receivedAt: instant(n) };
    list = takeIn(list, kept, RULES).list;
  }
  return list;
}

/** Values keep their octets, one a sign: a text may be in any coding. */
function binaryQuery(url: string): URLSearchParams {
  const query = new URLSearchParams();
  for (const pair of url.slice(url.indexOf('?') + 1).split('&')) {
    const [name = '', value = ''] = pair.split('=');
    const octets = value.replaceAll('+', ' ').replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
    query.set(name, octets);
  }
  return query;
}
