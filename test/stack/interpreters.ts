/**
 * A city with volunteers: their phones register at its Asterisk, their roster comes by the API, and whatever arrives at a phone is
 * measured at the tones of caller, call taker and interpreter. Never decides who is rung.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { shownVolunteer } from '../../src/http/volunteers.ts';
import type { Incident } from '../../src/incident/incident.ts';
import { type City, type CityWishes, openCity, type Reply, type ShownCall } from './city.ts';
import { HOST } from './loopback.ts';
import { type DeskPhone, openDeskPhone, type SipCaller } from './phone.ts';
import { until } from './until.ts';

export interface RosterRow {
  readonly id: string;
  readonly languages: string;
  readonly addresses: string;
  readonly speaks?: string;
}

export interface InterpretersCity extends City {
  /** The phone of `sip:<endpoint>`, registered; it sounds the interpreter's tone. */
  volunteer(endpoint: string): Promise<DeskPhone>;
  /** Replaces the roster by these, all of them always on duty. */
  roster(rows: readonly RosterRow[]): Promise<void>;
  volunteers(): Promise<readonly ShownVolunteer[]>;
  /** Every volunteer of the roster is tied to nobody. */
  allFree(): Promise<void>;
  /** This call taker (1001 unless given) answers this number, each with their tone. */
  talk(number: string, callTaker?: string): Promise<{ readonly caller: SipCaller; readonly desk: DeskPhone; readonly call: ShownCall }>;
  /** Asks for an interpreter as 1001. */
  seek(call: ShownCall, language?: string): Promise<Reply>;
  /** The call once this volunteer is present in it, and stands in its bridge. */
  present(number: string, volunteer: string): Promise<ShownCall>;
  /** Ringing, answered, and asked: the volunteer hears the question. */
  isAsked(call: ShownCall, leg: number, phone: DeskPhone): Promise<void>;
  incident(call: ShownCall): Promise<Incident>;
}

export type ShownVolunteer = ReturnType<typeof shownVolunteer>;

/** In Hz: what each of the three sounds. */
export const CALLER = 500;
export const CALL_TAKER = 800;
export const INTERPRETER = 1250;
const TONES = [CALLER, CALL_TAKER, INTERPRETER];

type Ear = Pick<SipCaller, 'sound'>;

/** Until just these tones, and next to nothing else, reach the phone. */
export async function reaches(phone: Ear, ...tones: readonly number[]): Promise<void> {
  phone.sound.listen();
  const areHeard = (): boolean => {
    const shares = phone.sound.shares(TONES);
    const wanted = TONES.map((tone) => tones.includes(tone));
    const sum = shares.reduce((all, share) => all + share, 0);
    return sum > 0.9 && shares.every((share, n) => (wanted[n] === true ? share > 0.2 : share < 0.01));
  };
  await until(`${tones.join(' and ')} Hz, and nothing else, to be heard`, areHeard).catch((thrown: unknown) => {
    throw new Error(
      `heard at ${TONES.join(', ')} Hz instead: ${phone.sound
        .shares(TONES)
        .map((share) => share.toFixed(3))
        .join(' ')}`,
      {
        cause: thrown,
      },
    );
  });
}

/** Until something loud reaches the phone that is nobody of the conversation: a prompt. */
export async function reachesWords(phone: Ear): Promise<void> {
  let loud = 0;
  phone.sound.listen();
  phone.sound.heard();
  await until('words, and nobody of the conversation, to be heard', () => {
    loud += phone.sound.heard().loud;
    return loud > 10 && phone.sound.shares(TONES).every((share) => share < 0.2);
  });
}

/** Caller, call taker and interpreter, each of whom hears the two others and not themselves. */
export async function threeHear(caller: Ear, desk: Ear, interpreter: Ear): Promise<void> {
  await reaches(caller, CALL_TAKER, INTERPRETER);
  await reaches(desk, CALLER, INTERPRETER);
  await reaches(interpreter, CALLER, CALL_TAKER);
}

const row = (entry: RosterRow) => ({ speaks: 'zh', name: `Volunteer ${entry.id}`, duty: 'mon-sun 00:00-24:00', ...entry });

/** `rows`: the roster of the beginning; every `sip:` endpoint in it, and in `others`, can register. */
export async function openInterpretersCity(rows: readonly RosterRow[], wishes: CityWishes = {}): Promise<InterpretersCity> {
  const folder = mkdtempSync(join(tmpdir(), 'intake-volunteers-'));
  const file = join(folder, 'volunteers.yaml');
  writeFileSync(file, JSON.stringify({ volunteers: rows.map(row) }));
  const env = {
    INTAKE_VOLUNTEERS_FILE: file,
    INTAKE_LANGUAGES: 'zh,en,ru,ja,ko',
    INTAKE_VOLUNTEER_RING_SECONDS: '5',
    INTAKE_ACCEPT_SECONDS: '5',
    ...wishes.env,
  };
  try {
    return interpretersCity(await openCity({ ...wishes, env }), () => rmSync(folder, { recursive: true, force: true }));
  } catch (failed) {
    rmSync(folder, { recursive: true, force: true });
    throw failed;
  }
}

function interpretersCity(city: City, remove: () => void): InterpretersCity {
  const { settings } = city.stack;
  const phones = new Map<string, DeskPhone>();
  const closePhones = (): void => {
    for (const phone of phones.values()) phone.close();
    phones.clear();
  };
  const volunteers: InterpretersCity['volunteers'] = async () => {
    const { status, body } = await city.ask('supervisor', 'GET', '/volunteers');
    if (status !== 200) throw new Error(`the roster: ${status} ${JSON.stringify(body)}`);
    return (body as { readonly volunteers: readonly ShownVolunteer[] }).volunteers;
  };
  const allFree: InterpretersCity['allFree'] = async () => {
    await until('every volunteer to be free', async () => (await volunteers()).every(({ state }) => state === 'free'));
  };
  return {
    ...city,
    volunteers,
    allFree,
    volunteer: async (endpoint) => {
      const secret = settings.volunteers.endpoints.find((one) => one.endpoint === endpoint)?.secret;
      if (secret == null) throw new Error(`${endpoint} has no password`);
      const phone = await openDeskPhone({ host: HOST, port: settings.sip.port }, endpoint, secret);
      phones.get(endpoint)?.close();
      phones.set(endpoint, phone);
      phone.sound.sing(INTERPRETER);
      await phone.register();
      return phone;
    },
    roster: async (rows) => {
      const { status, body } = await city.ask('supervisor', 'PUT', '/volunteers', { volunteers: rows.map(row) });
      if (status !== 200) throw new Error(`the roster: ${status} ${JSON.stringify(body)}`);
    },
    talk: async (number, callTaker = '1001') => {
      const desk = await city.signOn(callTaker);
      desk.sound.sing(CALL_TAKER);
      desk.conduct('answer');
      const caller = await city.dial(number);
      caller.sound.sing(CALLER);
      return { caller, desk, call: await city.conversation(number) };
    },
    seek: (call, language) =>
      city.ask('call-taker-1001', 'PUT', `/calls/${call.id}/interpreter`, language === undefined ? {} : { language }),
    present: async (number, volunteer) => {
      const call = await city.call(
        number,
        `is interpreted by ${volunteer}`,
        ({ interpreter }) => interpreter.state === 'present' && interpreter.volunteer === volunteer,
      );
      const leg = call.interpreter.asked.findLastIndex((asked) => asked.volunteer === volunteer) + 1;
      await until(`${volunteer} to stand in the bridge`, async () =>
        (await city.witness.bridges()).some(({ channels }) => channels.includes(`${call.id}.interpreter.${leg}`)),
      );
      return call;
    },
    isAsked: async (call, leg, phone) => {
      await until('the volunteer to talk', () => phone.isTalking());
      await until('the volunteer to hear who asks', () =>
        city.witness.heardBy(`${call.id}.interpreter.${leg}`).includes('volunteer/asked'),
      );
    },
    incident: async (call) => {
      const { status, body } = await city.ask('supervisor', 'GET', `/incidents/${call.incident}`);
      if (status !== 200) throw new Error(`the incident: ${status} ${JSON.stringify(body)}`);
      return body as Incident;
    },
    clear: async () => {
      for (const phone of phones.values()) await Promise.race([phone.hangUp(), new Promise((resolve) => setTimeout(resolve, 500))]);
      await city.clear();
      for (const phone of phones.values()) await phone.unregister();
      closePhones();
      await allFree();
    },
    stop: async () => {
      closePhones();
      remove();
      await city.stop();
    },
  };
}
