import { describe, expect, test } from 'vitest';
import { callTakerOf, deadlineOf, interpreterDeadlineOf, isInLine, type Call } from '../../src/call/call.ts';
import type { Effect } from '../../src/call/effects.ts';
import { transition } from '../../src/call/machine.ts';
import { eventsFor, RULES, START, THE_CALL, walk, type Walked } from './walk.ts';

const steps = walk();
const places = ['arriving', 'ended', 'greeting', 'interpreted', 'offered', 'talking', 'waiting'];
const does = ({ step }: Walked, what: Effect['do']): number => step.effects.filter((effect) => effect.do === what).length;
const orderOf = ({ step }: Walked, what: Effect['do']): number => step.effects.findIndex((effect) => effect.do === what);
const hasBridge = (place: string): boolean => place === 'talking' || place === 'interpreted';
const from = (walked: Walked): Call['state']['at'] => walked.call.state.at;
const to = (walked: Walked): Call['state']['at'] => walked.step.call.state.at;

/** The steps that break a rule, in words; a rule that no step of the walk is subject to proves nothing and is refused. */
function breaking(isSubject: (walked: Walked) => boolean, holds: (walked: Walked) => boolean): readonly string[] {
  const subjects = steps.filter(isSubject);
  if (subjects.length === 0) return ['no step of the walk is subject to this rule'];
  return subjects
    .filter((walked) => !holds(walked))
    .map((walked) => `${from(walked)} on ${walked.event.type} → ${to(walked)}: ${JSON.stringify(walked)}`);
}
const all = (): boolean => true;

describe('in every reachable state, whatever event comes', () => {
  test('the walk reaches every place of the house, and tells every event in each', () => {
    const types = new Set(eventsFor(START, THE_CALL).map(({ type }) => type));
    // Volunteers are chosen once in the walk that has them, so none is chosen where two have been asked already.
    types.delete('VolunteersChosen');
    const untold = places.flatMap((place) => {
      const heard = new Set(steps.filter((walked) => from(walked) === place).map(({ event }) => event.type));
      return [...types].filter((type) => !heard.has(type)).map((type) => `${place} ${type}`);
    });
    // Offers are counted in the walk, so a claim is told only while some are left; entry and farewell are reached with none made.
    expect(untold).toEqual([]);
    expect([...new Set(steps.map(from))].toSorted()).toEqual(places);
  });

  test('the ticket, the name and the time of arrival never change (invariant 2)', () => {
    const same = ({ call, step }: Walked): boolean =>
      step.call.ticket === call.ticket &&
      step.call.id === call.id &&
      step.call.arrivedAt === call.arrivedAt &&
      step.call.incident === call.incident;
    expect(breaking(all, same)).toEqual([]);
  });

  test('a caller leaves the line by an answered call taker or by leaving, by nothing else (invariant 3)', () => {
    const isOurs = (call: Call): boolean => isInLine(call) || call.state.at === 'offered';
    const leaves = ({ call, step }: Walked): boolean => isOurs(call) && !isOurs(step.call);
    const rightly = (walked: Walked): boolean => walked.event.type === (to(walked) === 'talking' ? 'CallTakerAnswered' : 'CallerLeft');
    expect(breaking(leaves, rightly)).toEqual([]);
  });

  test('an answered leg is joined, let go, or in conversation already: never left in the air (invariant 4)', () => {
    const isHandled = ({ call, event, step }: Walked): boolean => {
      if (event.type !== 'CallTakerAnswered') return false;
      const isTalking = call.state.at === 'talking' && call.state.attempt === event.attempt;
      const about = step.effects.filter((effect) => effect.do === 'join' || effect.do === 'release-call-taker');
      return isTalking || about.some((effect) => effect.attempt === event.attempt);
    };
    expect(breaking(({ event }) => event.type === 'CallTakerAnswered', isHandled)).toEqual([]);
  });

  test('whoever stops being rung or talking has their leg let go', () => {
    const loses = ({ call, step }: Walked): boolean => callTakerOf(call) !== null && callTakerOf(step.call) !== callTakerOf(call);
    expect(breaking(loses, (walked) => does(walked, 'release-call-taker') === 1)).toEqual([]);
  });

  test('every change of a call taker is told to the desk exactly once, in the same step', () => {
    const moves = (walked: Walked): boolean =>
      from(walked) !== to(walked) && (callTakerOf(walked.call) !== null || callTakerOf(walked.step.call) !== null);
    expect(breaking(moves, (walked) => does(walked, 'notice') === 1)).toEqual([]);
    expect(
      breaking(
        (walked) => !moves(walked),
        (walked) => does(walked, 'notice') === 0,
      ),
    ).toEqual([]);
  });

  test('a conversation that begins is joined, and one that ends is parted', () => {
    expect(
      breaking(
        (walked) => from(walked) !== 'talking' && to(walked) === 'talking',
        (walked) => does(walked, 'join') === 1,
      ),
    ).toEqual([]);
    expect(
      breaking(
        (walked) => hasBridge(from(walked)) && !hasBridge(to(walked)),
        (walked) => does(walked, 'part') === 1,
      ),
    ).toEqual([]);
  });

  test('nothing is said over something else: what was being said is hushed first', () => {
    const speaksOver = (walked: Walked): boolean => orderOf(walked, 'say') !== -1 && walked.call.saying !== null;
    const isQuietFirst = (walked: Walked): boolean => {
      const { event, call } = walked;
      if (event.type === 'UtteranceFinished' && event.utterance === call.saying?.utterance) return true;
      const hushed = orderOf(walked, 'hush');
      return hushed !== -1 && hushed < orderOf(walked, 'say');
    };
    expect(breaking(speaksOver, isQuietFirst)).toEqual([]);
  });

  test('every prompt is hushed before caller and call taker are joined', () => {
    const joins = (walked: Walked): boolean => from(walked) !== 'talking' && to(walked) === 'talking' && walked.call.saying !== null;
    const isQuietFirst = (walked: Walked): boolean =>
      walked.step.call.saying === null && orderOf(walked, 'hush') !== -1 && orderOf(walked, 'hush') < orderOf(walked, 'join');
    expect(breaking(joins, isQuietFirst)).toEqual([]);
  });

  test('a name is used once: every utterance, to whomever, and every offer has a new one', () => {
    const isNew = ({ call, step }: Walked): boolean => {
      const said = step.effects.flatMap((effect) => {
        if (effect.do === 'say' || effect.do === 'tell-volunteer') return [effect.utterance];
        return effect.do === 'release-volunteer' && effect.thanks !== null ? [effect.utterance] : [];
      });
      const isFresh = said.every((utterance) => utterance > call.utterances && utterance <= step.call.utterances);
      const rung = step.effects.flatMap((effect) => (effect.do === 'ring' ? [effect.attempt] : []));
      return isFresh && new Set(said).size === said.length && rung.every((attempt) => attempt === call.offers.length + 1);
    };
    expect(
      breaking(
        (walked) => does(walked, 'say') + does(walked, 'tell-volunteer') + does(walked, 'release-volunteer') + does(walked, 'ring') > 0,
        isNew,
      ),
    ).toEqual([]);
  });

  test('nobody waits for ever: outside a conversation time itself moves every call on', () => {
    expect(
      breaking(
        (walked) => !hasBridge(to(walked)) && to(walked) !== 'ended',
        ({ step }) => deadlineOf(step.call) !== null,
      ),
    ).toEqual([]);
  });

  test('a place and a wait are never told higher than before', () => {
    const figures = ({ step }: Walked) =>
      step.effects.flatMap((effect) => (effect.do === 'say' && effect.message.say === 'patience' ? [effect.message] : []));
    const neverRises = (walked: Walked): boolean => {
      const { told } = walked.call;
      return figures(walked).every(
        ({ place, wait }) =>
          (place === null || told.place === null || place < told.place) &&
          (wait === null || told.wait === null || wait.toMinutes <= told.wait.toMinutes),
      );
    };
    expect(breaking((walked) => figures(walked).length > 0 && walked.call.told.place !== null, neverRises)).toEqual([]);
  });

  test('an event that means nothing says why, and changes nothing', () => {
    const isSaid = ({ call, step }: Walked): boolean => (step.ignored ?? '').length > 10 && step.call === call;
    expect(breaking(({ step }) => step.ignored !== undefined, isSaid)).toEqual([]);
  });

  test('every step counts one revision, or none when nothing changed', () => {
    expect(breaking(all, ({ call, step }) => step.call.revision === call.revision + (step.call === call ? 0 : 1))).toEqual([]);
  });

  test('an ended call stays ended, unless the caller had gone elsewhere and is offered again with the same ticket', () => {
    const revives = (walked: Walked): boolean => from(walked) === 'ended' && to(walked) !== 'ended';
    const rightly = ({ call, event }: Walked): boolean =>
      call.state.at === 'ended' && call.state.why === 'elsewhere' && (event.type === 'CallerOffered' || event.type === 'CallerEntered');
    expect(breaking(revives, rightly)).toEqual([]);
  });

  test('the same event twice in a row never rings, joins, parts or lets go twice', () => {
    const once = (walked: Walked): boolean => {
      const again = { ...walked, step: transition(walked.step.call, walked.event, RULES) };
      return (['ring', 'join', 'part', 'release-caller'] as const).every((what) => does(walked, what) + does(again, what) <= 1);
    };
    expect(breaking(({ event }) => event.type !== 'ControllerReturned', once)).toEqual([]);
  });
});

describe('the interpreter, whatever event comes', () => {
  const openLegs = (call: Call): readonly number[] => call.askings.filter(({ endedAt }) => endedAt === null).map(({ leg }) => leg);
  const released = ({ step }: Walked): readonly number[] =>
    step.effects.flatMap((effect) => (effect.do === 'release-volunteer' ? [effect.leg] : []));

  test('answered is not a person: nobody is joined or prepared without their key', () => {
    const isIn = (call: Call): boolean => call.interpreter.is === 'prepared' || call.interpreter.is === 'present';
    const rightly = ({ event }: Walked): boolean => event.type === 'VolunteerPressed' && event.key === '1';
    expect(breaking(({ call, step }) => !isIn(call) && isIn(step.call), rightly)).toEqual([]);
  });

  test('the first who accepts wins: at most one serves, and the others are let go in the same step', () => {
    const accepted = (call: Call): number => call.askings.filter(({ outcome }) => outcome === 'accepted').length;
    expect(
      breaking(
        ({ step }) => accepted(step.call) > 0,
        ({ step }) => accepted(step.call) === 1 && openLegs(step.call).length === 1,
      ),
    ).toEqual([]);
  });

  test('a leg that is not needed any more is let go, and its volunteer is free again in the same step', () => {
    const closes = ({ call, step }: Walked): boolean => openLegs(call).some((leg) => !openLegs(step.call).includes(leg));
    const isTold = (walked: Walked): boolean => {
      const closed = openLegs(walked.call).filter((leg) => !openLegs(walked.step.call).includes(leg));
      const freed = walked.step.effects.flatMap((effect) =>
        effect.do === 'volunteer-notice' && effect.tell === 'freed' ? [effect.leg] : [],
      );
      const endedItself = walked.event.type === 'VolunteerLegEnded' ? [walked.event.leg] : [];
      return closed.every((leg) => freed.includes(leg) && (released(walked).includes(leg) || endedItself.includes(leg)));
    };
    expect(breaking(closes, isTold)).toEqual([]);
  });

  test('an answered volunteer hears what is asked, serves, or is let go: never left in the air', () => {
    const isHandled = (walked: Walked): boolean => {
      if (walked.event.type !== 'VolunteerAnswered') return false;
      const { leg } = walked.event;
      return openLegs(walked.step.call).includes(leg) || released(walked).includes(leg);
    };
    expect(breaking(({ event }) => event.type === 'VolunteerAnswered', isHandled)).toEqual([]);
  });

  test('nobody is left on a call that is over, and nobody is sought for it', () => {
    const isEmpty = ({ step }: Walked): boolean => openLegs(step.call).length === 0 && step.call.interpreter.is !== 'sought';
    expect(
      breaking((walked) => to(walked) === 'ended' && from(walked) !== 'ended' && walked.step.call.askings.length > 0, isEmpty),
    ).toEqual([]);
  });

  test('a call taker who is lost takes nobody along: the interpreter waits with the caller', () => {
    const loses = (walked: Walked): boolean =>
      from(walked) === 'talking' && to(walked) === 'waiting' && walked.call.interpreter.is === 'present';
    expect(
      breaking(loses, ({ call, step }) => step.call.interpreter.is === 'prepared' && openLegs(step.call).length === openLegs(call).length),
    ).toEqual([]);
  });

  test('whoever is prepared comes in with the first word', () => {
    const begins = (walked: Walked): boolean =>
      from(walked) === 'offered' && to(walked) === 'talking' && walked.call.interpreter.is === 'prepared';
    const rightly = (walked: Walked): boolean =>
      does(walked, 'join-interpreter') === 1 && orderOf(walked, 'join') < orderOf(walked, 'join-interpreter');
    expect(breaking(begins, rightly)).toEqual([]);
  });

  test('an interpreter who leaves leaves the two others in their conversation', () => {
    const leaves = (walked: Walked): boolean => from(walked) === 'talking' && walked.event.type === 'VolunteerLegEnded';
    const hearEachOther = ({ step }: Walked): boolean =>
      step.call.state.at === 'talking' && (step.call.interpreter.is === 'present' || step.call.state.floor.is !== 'private');
    expect(breaking(leaves, hearEachOther)).toEqual([]);
  });

  test('nobody is asked for ever: while somebody is sought or waits, time itself moves it on', () => {
    const isUnderWay = ({ step }: Walked): boolean => step.call.interpreter.is === 'sought' || step.call.interpreter.is === 'prepared';
    expect(breaking(isUnderWay, ({ step }) => interpreterDeadlineOf(step.call) !== null)).toEqual([]);
  });
});

describe('from every reachable state', () => {
  const key = (call: Call): string =>
    JSON.stringify([
      call.state.at,
      callTakerOf(call),
      call.saying?.what,
      call.offers.length,
      call.interpreter.is,
      call.askings.map(({ outcome, endedAt }) => (endedAt === null ? outcome : 'over')),
    ]);
  const next = new Map<string, Set<string>>();
  const calls = new Map<string, Call>();
  for (const { call, step } of steps) {
    calls.set(key(call), call).set(key(step.call), step.call);
    next.set(key(call), (next.get(key(call)) ?? new Set()).add(key(step.call)));
  }
  const canReach = (start: string, place: string): boolean => {
    const todo = [start];
    const seen = new Set(todo);
    for (let here = todo.pop(); here !== undefined; here = todo.pop()) {
      if (calls.get(here)?.state.at === place) return true;
      for (const there of next.get(here) ?? []) {
        if (seen.has(there)) continue;
        seen.add(there);
        todo.push(there);
      }
    }
    return false;
  };
  const states = [...calls.entries()];

  test('a call can still come to its end', () => {
    expect(states.map(([name]) => name).filter((name) => !canReach(name, 'ended'))).toEqual([]);
  });

  test('a caller who has not left can still be answered, while the walk has offers left', () => {
    const waiting = states
      .filter(([, call]) => call.state.at !== 'ended' && call.state.at !== 'interpreted' && call.offers.length < 2)
      .map(([name]) => name);
    expect(waiting.length).toBeGreaterThan(10);
    expect(waiting.filter((name) => !canReach(name, 'talking'))).toEqual([]);
  });
});
