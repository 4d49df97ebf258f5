import { expect, test } from 'vitest';
import { deadlineOf, interpreterDeadlineOf } from '../../src/call/call.ts';
import { callTakerId } from '../../src/kernel/ids.ts';
import { later } from '../../src/kernel/instants.ts';
import { CALLER, openHouse, type House } from '../control/house.ts';
import type { Command } from '../simulators/telephony.ts';
import { inOther, messageWords, VOLUNTEERS, transcripts, whereTo } from './transcript.ts';

/** On duty at all hours, so that no transcript depends on the day. */
const ROSTER = VOLUNTEERS.map((id, i) => ({
  id,
  name: id,
  languages: [i === 0 ? 'ru native' : 'ru fluent'],
  speaks: 'zh',
  addresses: [`sip:${id}`],
  duty: 'mon-sun 00:00-24:00',
}));

/** The same transcripts as for the machine, with the whole control room in between: what is done is what the exchange was asked. */
async function make(house: House, words: string): Promise<void> {
  const { exchange, control, clock } = house;
  const call = await house.store.call(CALLER);
  const [who = '', ...rest] = words.split(' ');
  const does = rest.join(' ');
  const attempt = call?.offers.findLast((offer) => offer.to === who)?.attempt ?? 99;
  const id = callTakerId(who);
  if (VOLUNTEERS.includes(who)) return volunteer(house, call?.askings.findLast((asking) => asking.volunteer === who)?.leg ?? 99, does);
  switch (['the', 'an', 'time'].includes(who) ? words : does) {
    case 'the caller is offered': {
      // The claim finds nobody: the channel enters only when the transcript says so.
      const heard = exchange.arrive(CALLER, '13845101234');
      exchange.goElsewhere(CALLER);
      return heard;
    }
    case 'the caller enters': {
      const caller = exchange.callers.get(CALLER);
      if (caller !== undefined) caller.at = 'ours';
      return exchange.hear({ type: 'caller-entered', call: CALLER, number: '13845101234', calledNumber: '110', language: null });
    }
    case 'the prompt ends':
      return exchange.utteranceEnds(CALLER);
    case 'the controller returns':
      exchange.losePresence();
      exchange.regainPresence();
      return undefined;
    case 'time passes':
      clock.moveTo((call === null ? null : deadlineOf(call)) ?? later(clock.now(), 1000));
      return undefined;
    case 'the caller hangs up':
      return exchange.callerLeaves(CALLER);
    case 'the caller is cut':
      return exchange.callerLeaves(CALLER, { by: 'cut', cause: 27 });
    case 'the language ru is chosen':
      return exchange.press(CALLER, '2');
    case 'the language en is chosen':
      return void (await control.room.setLanguage(CALLER, 'en'));
    case 'an interpreter for ru is asked for':
      return void (await control.room.askInterpreter(CALLER, 'ru').catch((refused: unknown) => refused));
    case 'the volunteers’ time passes':
      clock.moveTo((call === null ? null : interpreterDeadlineOf(call)) ?? later(clock.now(), 1000));
      return undefined;
    case 'dismisses the interpreter':
      return void (await control.room.dismissInterpreter(CALLER));
    case 'speaks in private':
      return void (await control.room.speakPrivately(CALLER, id));
    case 'leaves the interpreter with the caller':
      return void (await control.room.leaveToInterpreter(CALLER, id));
    case 'becomes free':
      return void (await control.room.ready(id));
    case 'answers':
      await exchange.answer(CALLER, attempt);
      return exchange.hear({ type: 'call-taker-answered', call: CALLER, attempt });
    case 'declines':
      return exchange.legEnds(CALLER, attempt, 'declined');
    case 'hangs up':
      return exchange.legEnds(CALLER, attempt, 'hung-up');
    case 'is cut':
      return exchange.legEnds(CALLER, attempt, 'cut');
    case 'is unreachable':
      return exchange.legEnds(CALLER, attempt, 'unreachable');
    case 'signs off':
      return void (await control.room.off(id));
    case 'holds':
      return void (await control.room.hold(CALLER, id));
    case 'resumes':
      // Who does not talk is refused; the transcript says that nothing is done.
      return void (await control.room.resume(CALLER, id).catch((refused: unknown) => refused));
    case 'finishes':
      return void (await control.room.finish(CALLER, id));
    default:
      throw new Error(`no such happening: ${words}`);
  }
}

function volunteer({ exchange }: House, leg: number, does: string): Promise<void> {
  switch (does) {
    case 'answers':
      // Told once more, as Asterisk may: late, or for a leg that has been let go.
      return exchange.volunteerAnswers(CALLER, leg).then(() => exchange.hear({ type: 'volunteer-answered', call: CALLER, leg }));
    case 'accepts':
      return exchange.volunteerPresses(CALLER, leg, '1');
    case 'refuses':
      return exchange.volunteerPresses(CALLER, leg, '2');
    case 'hangs up':
      return exchange.volunteerEnds(CALLER, leg, 'hung-up');
    default:
      return exchange.volunteerEnds(CALLER, leg, 'cut');
  }
}

function wordsFor(command: Command, house: House): string | null {
  const saved = house.store.memory.calls.get(CALLER)?.json ?? '{"offers":[],"askings":[]}';
  const { offers, askings } = JSON.parse(saved) as {
    offers: { attempt: number; to: string }[];
    askings: { leg: number; volunteer: string }[];
  };
  const third = askings.find((asking) => asking.leg === command.leg)?.volunteer ?? 'nobody';
  const of = offers.find((offer) => offer.attempt === command.attempt)?.to ?? 'nobody';
  switch (command.verb) {
    case 'claim':
      return 'claim the caller';
    case 'say':
      return `say ${command.message === undefined ? '' : messageWords(command.message)}${inOther(command.language ?? 'zh')}`;
    case 'hush':
      return 'hush';
    case 'reassure':
      return 'say that they are still in line';
    case 'ring':
      return `ring ${command.endpoint?.replace('taker-', '')}`;
    case 'releaseCallTaker':
      return `let ${of} go`;
    case 'join':
      return `join ${of} and record`;
    case 'part':
      return `part from ${of}`;
    case 'hold':
      return `hold for ${of}`;
    case 'resume':
      return `resume with ${of}`;
    case 'ringVolunteer':
      return `ring ${third}`;
    case 'tellVolunteer':
      return `tell ${third} ${command.message === undefined ? '' : messageWords(command.message)}`;
    case 'releaseVolunteer':
      return `let ${third} go${command.thanks == null ? '' : ' with thanks'}`;
    case 'joinInterpreter':
      return `join ${third} as the third`;
    case 'releaseCaller':
      return 'let the caller go';
    case 'adopt':
      return 'take over from another controller';
    case 'standing':
      return null;
  }
}

for (const transcript of transcripts()) {
  test(`the whole control room: ${transcript.title}`, async () => {
    const house = await openHouse({
      rules: {
        languageOffers: [...transcript.offers],
        preparesInterpreter: transcript.hasVolunteers,
        afterCallMs: transcript.hasVolunteers ? 60_000 : 0,
      },
    });
    if (transcript.hasVolunteers) {
      for (const volunteer of VOLUNTEERS) await house.exchange.register(volunteer);
      await house.control.room.importRoster(ROSTER);
    }
    for (const [i, { happens, done }] of transcript.beats.entries()) {
      const from = house.exchange.commands.length;
      await make(house, happens);
      await house.settle();
      const words = house.exchange.commands.slice(from).map((command) => wordsFor(command, house));
      const call = await house.call();
      expect([...words.filter((word) => word !== null), whereTo(call.state.at)], `${i + 1}. ${happens}`).toEqual(done);
    }
    expect(house.complaints).toEqual([]);
    await house.control.stop();
  });
}
