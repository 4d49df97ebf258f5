/** The demo's carrier against our own gateway: what it brings is what was written, and what arrives at a phone is whole. */
import { afterEach, expect, test } from 'vitest';
import { openCarrier, wholeTexts, type Carrier } from '../../../scripts/demo/carrier.ts';
import { partOf, TEXTERS } from '../../../scripts/demo/texters.ts';
import { clock } from '../../../src/clock.ts';
import type { TextGateway } from '../../../src/control/text-ports.ts';
import type { TextHeard } from '../../../src/sms/text.ts';
import { CMPP_USUAL, openCmpp } from '../../../src/sms-gateways/cmpp.ts';
import { keptLog } from '../../stack/log.ts';
import { until } from '../../stack/until.ts';

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

async function opened(): Promise<{ readonly carrier: Carrier; readonly gateway: TextGateway; readonly heard: readonly TextHeard[] }> {
  const heard: TextHeard[] = [];
  const carrier = await openCarrier();
  endings.push(() => carrier.close());
  const { name, host, port, source_address: sourceAddress } = carrier.entry;
  const settings = { ...CMPP_USUAL, name: String(name), host: String(host), port: Number(port), sourceAddress: String(sourceAddress) };
  const gateway = openCmpp({ ...settings, secret: carrier.secret, serviceId: '110' }, { clock, log: keptLog() });
  endings.push(() => gateway.close());
  await gateway.open({
    text: async (text) => {
      heard.push(text);
      return 'kept';
    },
    report: async () => undefined,
  });
  await until('the gateway is up', () => gateway.health().isUp);
  return { carrier, gateway, heard };
}

test('every part is brought in its turn, with its place among the others', async () => {
  const { carrier, heard } = await opened();
  const [witness, hiding] = TEXTERS;
  if (witness === undefined || hiding === undefined) throw new Error('two who text are needed');
  for (const part of witness.arrive) await carrier.bring(witness, part);
  await carrier.bring(hiding, 1);
  const words = heard.map(({ octets }) => new TextDecoder('utf-16be').decode(octets));
  expect(words).toEqual([...witness.arrive.map((part) => partOf(witness, part)), hiding.text]);
  expect(heard.map(({ part }) => part?.number ?? null)).toEqual([...witness.arrive, null]);
  expect(heard.map(({ from }) => from)).toEqual([witness.number, witness.number, witness.number, hiding.number]);
});

test('a text that takes several messages arrives at the phone as one, and each at the phone it was sent to', async () => {
  const { carrier, gateway } = await opened();
  const long = '警察正在赶来，请注意安全。'.repeat(9);
  const send = (id: string, to: string, text: string): Promise<unknown> => gateway.send({ id, to, from: '121100451', text });
  await send('01JAB0000000000000000000AA.1', '13800001008', long);
  await send('01JAB0000000000000000000AB.1', '13800001009', '已收到');
  expect(carrier.arrived()).toEqual([
    { number: '13800001008', from: '121100451', text: long },
    { number: '13800001009', from: '121100451', text: '已收到' },
  ]);
});

test('half a text is no text', () => {
  const values = { TP_udhi: 1, Msg_Fmt: 8, Src_Id: '121100451', Dest_terminal_Id: '8613800001008' };
  const part = (number: number, words: string): Buffer => Buffer.from([5, 0, 3, 9, 2, number, ...Buffer.from(words, 'utf16le').swap16()]);
  const second = { id: Buffer.alloc(8, 2), values: { ...values, Msg_Content: part(2, '赶来') } };
  const first = { id: Buffer.alloc(8, 1), values: { ...values, Msg_Content: part(1, '警察') } };
  expect(wholeTexts([second])).toEqual([]);
  expect(wholeTexts([second, first])).toEqual([{ number: '13800001008', from: '121100451', text: '警察赶来' }]);
});
