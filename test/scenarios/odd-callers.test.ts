/**
 * Callers whose signalling is odd are callers like any other: taken in, shown as what they are, and never able to write into a record.
 */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type City, openCity, type ShownCall } from '../stack/city.ts';
import { placeCall } from '../stack/phone.ts';

let city: City;
beforeAll(async () => {
  city = await openCity();
});
afterAll(() => city.stop());
afterEach(() => city.clear());

const HOST = '127.0.0.1';
const rubbish = 'x<>%$;{}&|\\'.repeat(28).slice(0, 300);

const odd: readonly {
  readonly who: string;
  readonly from: string;
  readonly number: string | null;
  readonly headers?: readonly string[];
}[] = [
  { who: 'without a number', from: `<sip:${HOST}>`, number: null },
  { who: 'who is anonymous', from: '"Anonymous" <sip:anonymous@anonymous.invalid>', number: null },
  {
    who: 'who is anonymous, and whom the network knows',
    from: '"Anonymous" <sip:anonymous@anonymous.invalid>',
    headers: ['P-Asserted-Identity: <sip:+8613900000001@127.0.0.1>', 'Privacy: none'],
    number: '+8613900000001',
  },
  {
    who: 'with 300 characters of rubbish for a name',
    from: `"${rubbish.replaceAll('\\', '/')}" <sip:13900000002@${HOST}>`,
    number: '13900000002',
  },
  { who: 'with 300 characters of rubbish for a number', from: `<sip:${'a1-'.repeat(100)}@${HOST}>`, number: null },
  { who: 'with quotes in the name', from: `"a \\"quoted\\" name, \\\\ and more" <sip:13900000003@${HOST}>`, number: '13900000003' },
  { who: 'with escaped line ends in the name', from: `"a%0d%0aX-Injected: yes" <sip:13900000004@${HOST}>`, number: '13900000004' },
  { who: 'with escaped line ends in the number', from: `<sip:139%0d%0a0000@${HOST}>`, number: null },
  { who: 'with a Chinese name', from: `"张三 🚨" <sip:13900000005@${HOST}>`, number: '13900000005' },
  { who: 'who writes the number as people do', from: `<sip:+86-139-0000-0006@${HOST}>`, number: '+8613900000006' },
];

it.for(odd)('a caller $who is taken in and answered', async ({ from, headers = [], number }) => {
  const before = (await city.calls()).length;
  const phone = await city.signOn('1001');
  phone.conduct('answer');
  const callers = await city.sipp({ numbers: ['1'], then: 'wait', from, headers });
  const talking = await city.conversation(number);
  expect(await city.calls()).toHaveLength(before + 1);
  expect(talking).toMatchObject({ number, calledNumber: '110' });
  const { body } = await city.ask('supervisor', 'GET', `/incidents/${talking.incident}`);
  expect(body).toMatchObject({ reporter: { number, name: null } });
  if (number !== null) expect(phone.rings.at(-1)?.shown).toBe(number);
  await city.ask('call-taker-1001', 'POST', `/calls/${talking.id}/finish`);
  expect(await callers.ended, callers.complaints()).toBe(0);
  expect(city.log('controller')).not.toContain('Injected');
  if (number !== null) expect(city.log('controller')).not.toContain(number.replace('+', ''));
});

it.for(['12110', '119', 'unknown', '110 '])(
  'a call to "%s", which is no number of this centre, is refused and draws no ticket',
  async (dialled) => {
    const before = await city.calls();
    const callers = await city.sipp({ numbers: ['13900000021'], then: 'wait', dialled: dialled.replace(' ', '%20'), answer: 404 });
    expect(await callers.ended, callers.complaints()).toBe(0);
    expect(await city.calls()).toEqual(before);
    await city.witness.sees('nothing');
  },
);

it('a call taker who dials 110 with their own phone is not taken for the trunk', async () => {
  const before = await city.calls();
  const { secret, endpoint } = city.stack.settings.callTakers[0] ?? {};
  expect(typeof secret).toBe('string');
  const caller = await placeCall({ host: HOST, port: city.stack.settings.sip.port }, endpoint ?? '');
  const status = await caller.answered;
  caller.close();
  expect(status).toBeGreaterThanOrEqual(400);
  expect((await city.calls()).map(({ id }: ShownCall) => id)).toEqual(before.map(({ id }) => id));
});
