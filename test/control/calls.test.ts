import { describe, expect, test } from 'vitest';
import { callId } from '../../src/kernel/ids.ts';
import { later, type Instant } from '../../src/kernel/instants.ts';
import { HandClock } from '../simulators/hand-clock.ts';
import { ANNA, BEN, CALLER, openHouse, RULES, type House } from './house.ts';

const second = callId('intake-1.2');
const third = callId('intake-1.3');
const incidentOf = async (house: House, call = CALLER) => house.store.incident((await house.call(call)).incident);

async function arriveAndWait(house: House, ...calls: (typeof CALLER)[]): Promise<void> {
  for (const call of calls) await house.exchange.arrive(call, '13845101234');
  await house.settle();
  for (const call of calls) await house.exchange.utteranceEnds(call);
  await house.settle();
}

test.each([
  ['the number dialled', '1100', 'en', 'ru'],
  ['the trunk, where the number sets none', '110', 'en', 'en'],
  ['the centre, where neither does', '110', null, 'zh'],
  ['the centre, where the trunk sets one that is not spoken here', '110', 'fr', 'zh'],
])('a caller is greeted in the language of %s', async (_whose, dialled, trunk, language) => {
  const house = await openHouse({ rules: { languageOffers: [{ language: 'en', key: '1' }] } });
  await house.exchange.arrive(CALLER, null, dialled, trunk);
  await house.settle();
  expect(await house.call()).toMatchObject({ language, state: { at: 'greeting' } });
  expect(house.exchange.commands.find(({ verb }) => verb === 'say')).toMatchObject({ message: { say: 'greeting' }, language });
});

describe('the line', () => {
  test('callers are answered in the order of their tickets, whoever becomes free', async () => {
    const house = await openHouse();
    await arriveAndWait(house, CALLER, second, third);
    await house.control.room.ready(BEN);
    await house.settle();
    await house.control.room.ready(ANNA);
    await house.settle();
    expect((await house.call()).state).toMatchObject({ at: 'offered', to: BEN });
    expect((await house.call(second)).state).toMatchObject({ at: 'offered', to: ANNA });
    expect((await house.call(third)).state.at).toBe('waiting');
  });

  test('the call taker who has been ready longest is rung first', async () => {
    const house = await openHouse();
    await house.control.room.ready(BEN);
    house.clock.pass(1000);
    await house.control.room.ready(ANNA);
    await arriveAndWait(house, CALLER);
    expect((await house.call()).state).toMatchObject({ at: 'offered', to: BEN });
  });

  test('a caller whose call taker did not answer is offered before all who came later, and the call taker is on pause with the reason', async () => {
    const house = await openHouse();
    await house.control.room.ready(ANNA);
    await arriveAndWait(house, CALLER, second);
    expect((await house.call()).state).toMatchObject({ at: 'offered', to: ANNA });
    house.clock.pass(15_000);
    await house.settle();
    expect((await house.store.callTaker(ANNA))?.state).toMatchObject({ is: 'pause', reason: 'no-answer' });
    await house.control.room.ready(BEN);
    await house.settle();
    expect((await house.call()).state).toMatchObject({ at: 'offered', to: BEN });
    expect((await house.call(second)).state.at).toBe('waiting');
  });

  test('a call taker without a registered phone is offered nobody, and is offered again once the phone is back', async () => {
    const house = await openHouse();
    await house.control.room.ready(ANNA);
    await house.exchange.unregister('taker-1001');
    await house.settle();
    await arriveAndWait(house, CALLER);
    expect((await house.call()).state.at).toBe('waiting');
    await house.exchange.register('taker-1001');
    await house.settle();
    expect((await house.call()).state).toMatchObject({ at: 'offered', to: ANNA });
  });

  test('an alarm that rings a moment too early costs the caller no prompt', async () => {
    class EarlyClock extends HandClock {
      override alarm(at: Instant, ring: () => void): () => void {
        return super.alarm(later(at, -1), ring);
      }
    }
    const house = await openHouse({ clock: new EarlyClock(1_000_000) });
    await arriveAndWait(house, CALLER);
    const said = (): number => house.exchange.commands.filter(({ verb }) => verb === 'say').length;
    house.clock.pass(1);
    await house.settle();
    await house.exchange.utteranceEnds(CALLER);
    await house.settle();
    const before = said();
    house.clock.pass(RULES.patienceEveryMs - 1);
    await house.settle();
    expect(said()).toBe(before);
    house.clock.pass(1);
    await house.settle();
    expect(said()).toBe(before + 1);
  });

  test('a phone that is lost while it rings puts the caller back in the line at once', async () => {
    const house = await openHouse();
    await house.control.room.ready(ANNA);
    await arriveAndWait(house, CALLER);
    await house.exchange.unregister('taker-1001');
    await house.settle();
    expect((await house.call()).state.at).toBe('waiting');
    expect(house.exchange.legs.size).toBe(0);
  });

  test('after the conversation the call taker finishes the record for the set time, and is then offered the next', async () => {
    const house = await openHouse({ rules: { afterCallMs: 30_000 } });
    await house.control.room.ready(ANNA);
    await arriveAndWait(house, CALLER, second);
    await house.exchange.answer(CALLER, 1);
    await house.settle();
    await house.exchange.callerLeaves(CALLER);
    await house.settle();
    expect((await house.store.callTaker(ANNA))?.state.is).toBe('after-call');
    expect((await house.call(second)).state.at).toBe('waiting');
    house.clock.pass(30_000);
    await house.settle();
    house.clock.pass(1000);
    await house.settle();
    expect((await house.call(second)).state).toMatchObject({ at: 'offered', to: ANNA });
  });

  test('a caller whose last command hangs keeps nobody else from being offered', async () => {
    const house = await openHouse();
    await house.exchange.arrive(second, '13845101234');
    const answerNow = house.exchange.hangNext('say');
    await house.exchange.arrive(CALLER, '13845101234');
    await house.settle();
    await house.exchange.arrive(third, '13845101234');
    await house.settle();
    await house.control.room.ready(ANNA);
    await house.settle();
    await house.control.room.ready(BEN);
    await house.settle();
    const at = async (call: typeof CALLER) => (await house.call(call)).state.at;
    const offered = [await at(CALLER), await at(second), await at(third)];
    expect(offered.filter((place) => place === 'offered')).toHaveLength(1);
    answerNow();
    await house.settle();
    expect([await at(CALLER), await at(second), await at(third)].filter((place) => place === 'offered')).toHaveLength(2);
  });

  test('a pause asked for in a conversation begins after it', async () => {
    const house = await openHouse();
    await house.control.room.ready(ANNA);
    await arriveAndWait(house, CALLER);
    await house.exchange.answer(CALLER, 1);
    await house.settle();
    await house.control.room.pause(ANNA, 'lunch');
    expect((await house.call()).state.at).toBe('talking');
    await house.control.room.finish(CALLER, ANNA);
    await house.settle();
    expect((await house.store.callTaker(ANNA))?.state).toMatchObject({ is: 'pause', reason: 'lunch' });
  });
});

describe('the record', () => {
  test('the incident is a draft from the offer on, open from the answer on, and holds the three clock times', async () => {
    const house = await openHouse();
    await house.control.room.ready(ANNA);
    await arriveAndWait(house, CALLER);
    expect(await incidentOf(house)).toMatchObject({
      status: 'draft',
      reporter: { number: '13845101234', language: 'cmn' },
      call: { ticket: 1 },
    });
    house.clock.pass(3000);
    await house.exchange.answer(CALLER, 1);
    await house.settle();
    house.clock.pass(5000);
    await house.exchange.callerLeaves(CALLER);
    await house.settle();
    const incident = await incidentOf(house);
    expect(incident?.status).toBe('open');
    expect(incident?.call).toMatchObject({ waitedSeconds: 3, callTaker: '1001', release: 'choice', recordings: [`${CALLER}.recording.1`] });
    const times = [incident?.call?.offeredAt, incident?.call?.answeredAt, incident?.call?.endedAt];
    expect(times.map((time) => Date.parse(time ?? ''))).toEqual([1_000_000, 1_003_000, 1_008_000]);
  });

  test('a caller who gives up leaves an open record with number, wait and place, and the dispatch side is told', async () => {
    const house = await openHouse();
    await arriveAndWait(house, CALLER, second);
    house.clock.pass(7000);
    await house.exchange.callerLeaves(second);
    await house.settle();
    expect(await incidentOf(house, second)).toMatchObject({
      status: 'open',
      matter: { class: 'abandoned' },
      reporter: { number: '13845101234' },
      call: { waitedSeconds: 7, placeWhenLeft: 2 },
    });
    expect(house.store.memory.handovers.map(({ type }) => type)).toEqual(['incident.abandoned']);
  });

  test('a caller without a number, or with rubbish for one, is served like any other', async () => {
    const house = await openHouse();
    await house.control.room.ready(ANNA);
    for (const number of [null, 'anonymous', '\r\nInjected: yes', '9'.repeat(300), 'a'.repeat(300), '']) {
      const call = callId(`intake-${house.clock.now()}.1`);
      house.clock.pass(1000);
      await house.exchange.arrive(call, number);
      await house.settle();
      expect((await house.call(call)).state.at).toBe('offered');
      expect((await incidentOf(house, call))?.reporter.number ?? '').toMatch(/^[0-9]{0,32}$/);
      await house.exchange.callerLeaves(call);
      await house.settle();
    }
  });

  test('what is handed over is sent again when the call ends after it, as an amendment', async () => {
    const house = await openHouse();
    const { room } = house.control;
    await room.ready(ANNA);
    await arriveAndWait(house, CALLER);
    await house.exchange.answer(CALLER, 1);
    await house.settle();
    const open = await room.incident((await house.call()).incident);
    const id = (await house.call()).incident;
    const edit = { what: '有人落水', place: { stated: '松花江防洪纪念塔' }, matter: { class: 'urgent-help' } } as const;
    const edited = await room.edit(id, open.version, edit, '1001');
    const handed = await room.handOver(id, edited.version, '1001');
    expect(handed.status).toBe('handed-over');
    await house.exchange.callerLeaves(CALLER);
    await house.settle();
    const sent = house.store.memory.handovers;
    expect(sent.map(({ type }) => type)).toEqual(['incident.handed_over', 'incident.amended']);
    expect(sent[1]?.incident.call?.endedAt).not.toBeNull();
    expect(new Set(sent.map(({ id: message }) => message)).size).toBe(2);
  });

  test('a stale version is refused and tells the present one; an incomplete incident cannot be handed over and says what is missing', async () => {
    const house = await openHouse();
    const { room } = house.control;
    await room.ready(ANNA);
    await arriveAndWait(house, CALLER);
    await house.exchange.answer(CALLER, 1);
    await house.settle();
    const { incident: id } = await house.call();
    const { version } = await room.incident(id);
    await expect(room.edit(id, version - 1, { what: 'x' }, '1001')).rejects.toMatchObject({
      kind: 'conflict',
      details: [`version: ${version}`],
    });
    await expect(room.handOver(id, version, '1001')).rejects.toMatchObject({ kind: 'invalid' });
    await room.edit(id, version, { what: 'x' }, '1001');
    await expect(room.edit(id, version, { what: 'y' }, '1001')).rejects.toMatchObject({ kind: 'conflict' });
  });

  test('a fallback call becomes one record, taken from the spool only after it is saved', async () => {
    const house = await openHouse();
    const at = later(house.clock.now(), -60_000);
    house.spool.push({
      id: callId('intake-9.9'),
      number: '13845101234',
      calledNumber: '110',
      arrivedAt: at,
      answeredAt: null,
      endedAt: later(at, 9000),
      answeredBy: null,
      recording: null,
    });
    house.store.goAway();
    house.clock.pass(5000);
    await house.settle();
    expect(house.spool).toHaveLength(1);
    house.store.comeBack();
    house.clock.pass(5000);
    await house.settle();
    expect(house.spool).toHaveLength(0);
    expect(house.store.memory.handovers.map(({ type }) => type)).toEqual(['incident.abandoned']);
    expect(await house.control.room.incidents({ limit: 10 })).toHaveLength(1);
  });
});

describe("the dialplan's own record of every call", () => {
  const written = (house: House, id = CALLER) => {
    const at = later(house.clock.now(), -1000);
    const call = { id, number: '13845101234', calledNumber: '110', arrivedAt: at, answeredAt: null, endedAt: later(at, 900) };
    house.spool.push({ ...call, answeredBy: null, recording: null });
  };
  const look = async (house: House) => {
    house.clock.pass(5000);
    await house.settle();
  };

  test('is dropped where the call is in our records', async () => {
    const house = await openHouse();
    await arriveAndWait(house, CALLER);
    await house.exchange.callerLeaves(CALLER);
    await house.settle();
    written(house);
    await look(house);
    expect(house.spool).toEqual([]);
    expect((await house.control.room.incidents({ limit: 10 })).map(({ channel }) => channel)).toEqual(['voice']);
  });

  test('is the record of a caller who was claimed and left before they were ours, once that is certain', async () => {
    const house = await openHouse();
    const heard = house.exchange.arrive(CALLER);
    house.exchange.goElsewhere(CALLER);
    await heard;
    await house.settle();
    written(house);
    await look(house);
    expect(house.spool).toHaveLength(1);
    await look(house);
    await look(house);
    expect(house.spool).toEqual([]);
    const incidents = await house.control.room.incidents({ limit: 10 });
    expect(incidents.map(({ channel, matter }) => [channel, matter.class])).toEqual([['fallback', 'abandoned']]);
  });
});

describe('hold', () => {
  test('only the call taker in conversation may hold, resume and finish', async () => {
    const house = await openHouse();
    const { room } = house.control;
    await room.ready(ANNA);
    await arriveAndWait(house, CALLER);
    await expect(room.hold(CALLER, ANNA)).rejects.toMatchObject({ kind: 'conflict' });
    await house.exchange.answer(CALLER, 1);
    await house.settle();
    await expect(room.hold(CALLER, BEN)).rejects.toMatchObject({ kind: 'conflict' });
    await expect(room.hold(callId('nobody'), ANNA)).rejects.toMatchObject({ kind: 'unknown' });
    expect((await room.hold(CALLER, ANNA)).state).toMatchObject({ floor: { is: 'hold' } });
    expect((await room.resume(CALLER, ANNA)).state).toMatchObject({ floor: { is: 'open' } });
  });
});
