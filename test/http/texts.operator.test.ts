import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ROLES } from '../../src/http/tokens.ts';
import { incident, INCIDENT, NOW } from '../simulators/control-room.ts';
import { SAID, THREAD, thread } from '../simulators/text-room.ts';
import { openDoor, type Door } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.http.close());
beforeEach(() => door.scripted.heal());

const ONE = `/api/v1/texts/${THREAD}`;
type Fields = Record<string, unknown>;

describe('an operator', () => {
  /** Words and numbers of the reporter, and of who answered them. */
  const SECRET = /躲|柜子|刀|中央大街|刚才|受伤|13999998888|13845101234|报警已收到|he is there|1 Bridge/;

  it('is shown no word that was written and no whole number, whatever is asked', async () => {
    const decided = { is: 'forbidden', at: NOW, by: '1001', reason: 'he is there', signs: [{ sign: 'hiding', said: '躲在柜子里' }] };
    door.scripted.answer('thread', async () => thread({ guard: decided } as Partial<ReturnType<typeof thread>>));
    for (const path of ['/texts', '/texts/line', `/texts/${THREAD}`]) {
      for (const role of ROLES) {
        const { text, status } = await door.ask('GET', `/api/v1${path}`, role);
        expect([path, role, status, SECRET.test(text)]).toEqual([path, role, 200, role !== 'operator']);
      }
    }
    const { json } = await door.ask('GET', ONE, 'operator');
    expect(json).toMatchObject({
      number: '138******34',
      from: '138******34',
      reading: null,
      contact: { state: 'forbidden', reason: null },
    });
    expect((json.sent as Fields[]).map(({ text, to }) => [text, to])).toContainEqual([null, '138******34']);
    expect((json.sent as Fields[])[3]).toMatchObject({ why: 'the carrier reports EXPIRED for 139******88' });
  });

  it.each(['+86 138 4510 1234', '138-4510-1234', '(138) 45101234', 'tel 138.4510.1234'])(
    'is shown no whole number that came as %j',
    async (from) => {
      door.scripted.answer('thread', async () => thread({ from }));
      const { text } = await door.ask('GET', ONE, 'operator');
      expect(text.replaceAll(/[^0-9*]/g, '')).not.toContain('13845101234');
    },
  );

  it('is shown no word of an incident that came by text either', async () => {
    const texted = incident({
      channel: 'text',
      what: SAID,
      matter: { class: 'criminal', code: 'stabbing', reason: 'by rule, the reporter wrote: 刀' },
      place: { ...incident().place, stated: '中央大街', address: '1 Bridge Street', landmark: '柜子' },
      happened: { stated: '刚才', at: null, certainty: 'guessed' },
      reporter: { ...incident().reporter, number: '13845101234' },
      circumstances: {
        hurt: { stated: '两个人受伤', count: 2, certainty: 'stated' },
        weapons: [{ stated: '刀', what: 'knife' }],
        danger: [{ stated: '躲在柜子里', sign: 'hiding' }],
      },
      texts: {
        thread: THREAD,
        shortNumber: '12110',
        firstAt: '2026-03-01T08:00:00.000+00:00',
        lastAt: '2026-03-01T08:00:00.000+00:00',
        callTaker: '1001',
        contact: 'forbidden',
        contactReason: '1001: he is there',
        messages: [
          {
            direction: 'from-reporter',
            at: '2026-03-01T08:00:00.000+00:00',
            text: SAID,
            isComplete: true,
            repeats: 0,
            gateway: 'mobile',
            purpose: null,
            state: null,
            by: null,
          },
        ],
      },
    });
    door.scripted.answer('incident', async () => texted);
    door.scripted.answer('incidents', async () => [texted]);
    for (const path of ['/incidents', `/incidents/${INCIDENT}`]) {
      for (const role of ROLES) {
        const { text } = await door.ask('GET', `/api/v1${path}`, role);
        expect([path, role, SECRET.test(text)]).toEqual([path, role, role !== 'operator']);
      }
    }
    expect((await door.ask('GET', `/api/v1/incidents/${INCIDENT}`, 'operator')).json).toMatchObject({
      matter: { class: 'criminal', code: 'stabbing' },
      circumstances: { hurt: { count: 2 }, weapons: [{ what: 'knife' }], danger: [{ sign: 'hiding' }] },
      texts: { callTaker: '1001', contact: 'forbidden', contactReason: null, messages: [{ text: '' }] },
    });
  });
});
