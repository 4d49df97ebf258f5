/**
 * A scanner at the SIP port, from an address that is not the trunk's: it learns nothing, gets no call through and no phone registered,
 * fills no log, and callers of the trunk are answered as ever.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attackSip, type SipAttack, type SipAttackPlan, SIP_KINDS } from '../simulators/sip-attacker.ts';
import { type City, openCity } from '../stack/city.ts';
import { type Guard, guardOf } from '../stack/harm.ts';
import { until } from '../stack/until.ts';

const PER_SECOND = 400;
const TRIED_AT_LEAST = 2000;

let city: City;
let guard: Guard;
const attacks: SipAttack[] = [];
beforeAll(async () => {
  city = await openCity();
  (await city.signOn('1001')).conduct('answer');
  guard = await guardOf(city);
});
afterAll(async () => {
  for (const attack of attacks) await attack.stop();
  guard.close();
  await city.stop();
});

const attack = async (plan: Omit<SipAttackPlan, 'server'>): Promise<SipAttack> => {
  const begun = await attackSip({ server: city.stack.settings.sip, ...plan });
  attacks.push(begun);
  return begun;
};

it('names, passwords, garbage and datagrams of 60 kB: nobody gets in, and callers are answered in their order', async () => {
  await guard.answersInOrder(['13900000001', '13900000002']);
  const known = await city.calls();
  const logged = city.log('asterisk');
  const scan = await attack({ perSecond: PER_SECOND, kinds: SIP_KINDS });
  await guard.answersInOrder(Array.from({ length: 8 }, (_, n) => `1390000001${n}`));
  await until('a good deal was tried', () => scan.sent() > TRIED_AT_LEAST, 15_000);
  await scan.stop();
  // Whatever was answered, was answered alike: who are you?
  expect([...scan.answers().keys()].toSorted()).toEqual(['INVITE 401', 'MESSAGE 401', 'OPTIONS 401', 'REGISTER 401']);
  expect(await city.calls()).toHaveLength(known.length + 8);
  expect((await city.callTaker('1002')).phone).not.toBe('registered');
  expect(city.log('asterisk')).toBe(logged);
  await guard.unharmed();
}, 40_000);

it('what is refused does not tell which names there are', async () => {
  const names = [city.stack.settings.callTakers[0]?.endpoint ?? '', 'nobody-of-ours', 'trunk'];
  const scan = await attack({ perSecond: 100, kinds: ['scan'], names });
  const methods = ['OPTIONS', 'REGISTER', 'INVITE', 'MESSAGE'];
  await until('each name was tried by each method', () => scan.firsts().size === names.length * methods.length, 10_000);
  for (const method of methods) {
    const answers = names.map((name) => scan.firsts().get(`${method} ${name}`));
    expect(new Set(answers).size, answers.join('\n')).toBe(1);
  }
}, 15_000);
