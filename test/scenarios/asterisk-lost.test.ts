/**
 * The controller loses Asterisk, by the link between them or because Asterisk itself stands still or dies: who is there is taken up
 * again, who has left is on record.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startStack, type Stack } from '../../scripts/stack/stack.ts';
import { type City, openCity } from '../stack/city.ts';
import { type Link, openLink } from '../stack/link.ts';
import { HOST } from '../stack/loopback.ts';
import { until } from '../stack/until.ts';

let city: City;
let link: Link;
let controller: Stack;
const folder = mkdtempSync(join(tmpdir(), 'intake-link-'));

/** A city whose controller reaches Asterisk through a link that can be cut. */
beforeAll(async () => {
  city = await openCity({ parts: ['redis', 'asterisk'] });
  const { settings, env } = city.stack;
  link = await openLink({ host: HOST, port: Number(new URL(settings.ari.url).port) });
  controller = await startStack({
    parts: ['controller'],
    env: {
      ...env,
      INTAKE_STATE_DIR: join(folder, 'state'),
      INTAKE_RECORDINGS_DIR: settings.folders.recordings,
      INTAKE_FALLBACK_DIR: settings.folders.fallbackSpool,
      INTAKE_TOKENS_FILE: settings.folders.tokensFile,
      INTAKE_ARI_URL: `http://${HOST}:${link.port}/ari`,
    },
  });
});
afterAll(async () => {
  await controller?.stop();
  await link?.close();
  await city?.stop();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  link.mend();
  city.thaw('asterisk');
  await ready();
  await city.clear();
});

const ready = (): Promise<unknown> => until('the controller is ready', async () => (await city.readyz()).ready, 20_000);
const troubled = (): Promise<unknown> =>
  until('the controller says that Asterisk is away', async () => (await city.readyz()).text.includes('asterisk: not reachable'), 15_000);

it.for(['cut', 'dead', 'frozen'] as const)(
  'the link is %s for a while: the house is taken up as it is found',
  { timeout: 40_000 },
  async (how) => {
    const base = { cut: '1390000001', dead: '1390000002', frozen: '1390000003' }[how];
    const [phone, other] = [await city.signOn('1001'), await city.phone('1002')];
    phone.conduct('answer');
    const talker = await city.dial(`${base}1`);
    const talking = await city.conversation(`${base}1`);
    const waiter = await city.dial(`${base}2`);
    const waiting = await city.call(`${base}2`, 'waits', ({ state }) => state === 'waiting');
    const leaver = await city.dial(`${base}3`);
    await city.call(`${base}3`, 'waits', ({ state }) => state === 'waiting');

    if (how === 'cut') link.cut();
    if (how === 'dead') link.freeze();
    if (how === 'frozen') city.freeze('asterisk');
    await troubled();
    // A caller hangs up at a frozen Asterisk too; it learns of it when it wakes up.
    const left = leaver.hangUp();
    if (how !== 'frozen') await left;
    if (how === 'frozen') city.thaw('asterisk');
    else link.mend();
    await ready();
    await left;

    expect(await city.call(`${base}3`, 'is over', ({ state }) => state === 'ended', 10_000)).toMatchObject({ why: 'abandoned' });
    expect(await city.call(`${base}1`, 'still talks', ({ state }) => state === 'talking')).toMatchObject({ id: talking.id });
    expect(await city.call(`${base}2`, 'still waits', ({ state }) => state === 'waiting')).toMatchObject({ ticket: waiting.ticket });
    expect([talker.isOver(), waiter.isOver(), phone.isTalking()]).toEqual([false, false, true]);
    phone.sound.heard();
    await until('the conversation goes on', () => phone.sound.heard().loud > 0);
    other.conduct('answer');
    await city.callTakerIs('1002', 'has a phone', (known) => known.phone === 'registered', 10_000);
    await city.become('1002', 'ready');
    expect(await city.conversation(`${base}2`)).toMatchObject({ callTaker: '1002' });
    await talker.hangUp();
    await city.callTakerIs('1001', 'is free', ({ state }) => state === 'ready');
  },
);

it('a caller who comes while the link is cut is served by the fallback and joins the line afterwards', async () => {
  link.cut();
  await troubled();
  const caller = await city.dial('13900000041');
  expect(await caller.answered).toBe(200);
  await until('the caller hears the fallback', () => caller.sound.heard().loud > 0);
  link.mend();
  await city.call('13900000041', 'is in the line', ({ state }) => state === 'waiting', 12_000);
  expect(caller.isOver()).toBe(false);
}, 30_000);

it('Asterisk itself dies: every call of it ends on record as cut, the call takers are free, and the next caller is served', async () => {
  const phone = await city.signOn('1001');
  phone.conduct('answer');
  await city.dial('13900000051');
  await city.conversation('13900000051');
  await city.dial('13900000052');
  await city.call('13900000052', 'waits', ({ state }) => state === 'waiting');
  const one = await until('Asterisk runs', () => city.stack.part('asterisk').identity());
  process.kill(one.pid, 'SIGKILL');
  await until('another Asterisk runs', () => (city.stack.part('asterisk').identity()?.pid ?? one.pid) !== one.pid);
  const [talker, waiter] = [
    await city.call('13900000051', 'is over', ({ state }) => state === 'ended', 20_000),
    await city.call('13900000052', 'is over', ({ state }) => state === 'ended', 20_000),
  ];
  expect([talker.why, waiter.why]).toEqual(['completed', 'abandoned']);
  const { body } = await city.ask('supervisor', 'GET', `/incidents/${waiter.incident}`);
  expect(body).toMatchObject({ matter: { class: 'abandoned' }, call: { release: 'cut' } });
  const again = await city.signOn('1001');
  again.conduct('answer');
  await city.dial('13900000053');
  expect(await city.conversation('13900000053', 10_000)).toMatchObject({ callTaker: '1001' });
}, 60_000);
