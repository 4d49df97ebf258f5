/**
 * A volunteer's leg when Asterisk loses a word, or refuses one: nobody is kept on the line, and nobody is let go twice.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Answer } from '../../src/asterisk/connection.ts';
import { openVolunteers, type Volunteers, type VolunteerSettings } from '../../src/asterisk/volunteers.ts';
import { Fault } from '../../src/kernel/faults.ts';
import { callId } from '../../src/kernel/ids.ts';
import { keptLog } from '../stack/log.ts';

const CALL = callId('intake-1763750000.12');
const LEG = `${CALL}.interpreter.1`;

let asked: string[];
let answers: Record<string, Answer | Fault>;
let log: ReturnType<typeof keptLog>;

const open = (settings: VolunteerSettings = {}): Volunteers =>
  openVolunteers({
    ...settings,
    application: 'intake-a',
    log,
    rung: () => undefined,
    command: async (method, path, query = {}) => {
      const said = [method, ...path, ...Object.entries(query).map(([name, value]) => `${name}=${String(value)}`)].join(' ');
      asked.push(said);
      const answer = Object.entries(answers).find(([start]) => said.startsWith(start))?.[1] ?? { status: 204, body: null };
      if (answer instanceof Fault) throw answer;
      return answer;
    },
    media: (message) => {
      if (message.say === 'ringing') throw new Fault('unknown', 'nobody speaks so');
      return `sound:${message.say}`;
    },
    phoneAtRest: async () => ({ status: 200, body: { state: 'online' } }),
    bridged: async () => [],
  });
const hangUps = (): readonly string[] => asked.filter((said) => said.startsWith('DELETE channels'));

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  answers = {
    [`GET channels ${LEG}`]: { status: 200, body: { state: 'Up' } },
    'GET playbacks': { status: 404, body: null },
    'GET bridges': { status: 200, body: [{ id: `${CALL}.talk.1`, channels: [LEG] }, { id: 1 }, null] },
    'GET endpoints': { status: 200, body: { state: 'online' } },
  };
  log = keptLog();
});
afterEach(() => vi.useRealTimers());

describe('a volunteer who is thanked', () => {
  test('leaves the conversation, and is let go when the thanks have ended, once', async () => {
    const volunteers = open();
    await volunteers.releaseVolunteer(CALL, 1, 7, 'ru');
    expect(asked).toContain(`POST bridges ${CALL}.talk.1 removeChannel channel=${LEG}`);
    expect(hangUps()).toEqual([]);
    volunteers.told(CALL, 6);
    expect(hangUps()).toEqual([]);
    volunteers.told(CALL, 7);
    volunteers.told(CALL, 7);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(hangUps()).toEqual([`DELETE channels ${LEG} reason=normal`]);
  });
  test('is let go within ten seconds though the end of the thanks is never told', async () => {
    await open().releaseVolunteer(CALL, 1, 7, 'ru');
    await vi.advanceTimersByTimeAsync(9_900);
    expect(hangUps()).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(hangUps()).toHaveLength(1);
  });
  test('is not thanked again, and no timer is left, when they hang up meanwhile', async () => {
    const volunteers = open();
    await volunteers.releaseVolunteer(CALL, 1, 7, 'ru');
    await volunteers.releaseVolunteer(CALL, 1, 7, 'ru');
    expect(asked.filter((said) => said.startsWith('POST channels'))).toHaveLength(1);
    volunteers.left(CALL, 1);
    expect(vi.getTimerCount()).toBe(0);
    expect(hangUps()).toEqual([]);
  });
  test('is let go at once when the thanks cannot be said', async () => {
    answers['POST channels'] = { status: 404, body: null };
    await open().releaseVolunteer(CALL, 1, 7, 'ru');
    expect(hangUps()).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
  test('does not hear them a second time where a controller before us has begun them', async () => {
    answers['GET playbacks'] = { status: 200, body: { id: 'x' } };
    const volunteers = open();
    await volunteers.releaseVolunteer(CALL, 1, 7, 'ru');
    expect(asked.filter((said) => said.startsWith('POST channels'))).toEqual([]);
    volunteers.told(CALL, 7);
    expect(hangUps()).toHaveLength(1);
  });
  test('is let go when the door closes', async () => {
    const volunteers = open();
    await volunteers.releaseVolunteer(CALL, 1, 7, 'ru');
    await volunteers.close();
    expect(hangUps()).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
  test('who cannot be let go now is told to the log, and nothing is thrown at nobody', async () => {
    answers['DELETE channels'] = new Fault('unavailable', 'Asterisk did not answer');
    await open().releaseVolunteer(CALL, 1, 7, 'ru');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(log.lines.filter((line) => line.includes('could not be let go'))).toHaveLength(1);
  });
});

test('one that still rings is let go at once, thanks or not', async () => {
  answers[`GET channels ${LEG}`] = { status: 200, body: { state: 'Ringing' } };
  await open().releaseVolunteer(CALL, 1, 7, 'ru');
  expect(hangUps()).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});

test('what cannot be said in a language leaves what is being said alone', async () => {
  const volunteers = open();
  await volunteers.tellVolunteer(CALL, 1, 1, { say: 'volunteer-wait' }, 'ru');
  await expect(volunteers.tellVolunteer(CALL, 1, 2, { say: 'ringing' }, 'ru')).rejects.toMatchObject({ kind: 'unknown' });
  expect(asked.filter((said) => said.startsWith('DELETE'))).toEqual([]);
});

describe('an address', () => {
  const dialled = async (address: string, settings: VolunteerSettings = {}): Promise<string | undefined> => {
    await open(settings).ringVolunteer(CALL, 1, address, 20);
    return asked.find((said) => said.startsWith('POST channels'))?.slice(`POST channels ${LEG} `.length);
  };
  test.each([
    ['sip:volunteer-anna', {}, 'endpoint=PJSIP/volunteer-anna app=intake-a timeout=20 callerId=110'],
    ['tel:+86-139-0000-2222', {}, 'endpoint=PJSIP/+8613900002222@trunk app=intake-a timeout=20 callerId=110'],
    ['tel:13900002222', { emergencyNumber: '113' }, 'endpoint=PJSIP/13900002222@trunk app=intake-a timeout=20 callerId=113'],
  ])('%s is dialled with the number of the centre and without the caller', async (address, settings, expected) => {
    expect(await dialled(address, settings)).toBe(expected);
  });
  test.each(['sip:trunk', 'sip:a/b', 'sip:a@b', 'sip:', 'tel:12;ext=1', 'tel:()', 'tel:1@trunk/sip:x', `tel:${'1'.repeat(33)}`, 'x', ''])(
    '"%s" is never dialled',
    async (address) => expect(await dialled(address)).toBeUndefined(),
  );
});
