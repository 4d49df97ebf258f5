import { describe, expect, test } from 'vitest';
import { callTakerOf, deadlineOf, isInLine, type Call } from '../../src/call/call.ts';
import type { Effect } from '../../src/call/effects.ts';
import { transition } from '../../src/call/machine.ts';
import { eventsFor, RULES, START, THE_CALL, walk, type Walked } from './walk.ts';

const steps = walk();
const places = ['arriving', 'ended', 'greeting', 'interpreted', 'offered', 'talking', 'waiting'];
const does = ({ step }: Walked, what: Effect['do']): number => step.effects.filter((effect) => effect.do === what).length;
const orderOf = ({ step }: Walked, what: Effect['do']): number => step.effects.findIndex((effect) => effect.do === what);
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
        (walked) => from(walked) === 'talking' && to(walked) !== 'talking',
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

  test('a name is used once: every utterance and every offer has a new one', () => {
    const isNew = ({ call, step }: Walked): boolean =>
      step.effects.every(
        (effect) =>
          (effect.do !== 'say' || effect.utterance === call.utterances + 1) &&
          (effect.do !== 'ring' || effect.attempt === call.offers.length + 1),
      );
    expect(breaking((walked) => does(walked, 'say') + does(walked, 'ring') > 0, isNew)).toEqual([]);
  });

  test('nobody waits for ever: outside a conversation time itself moves every call on', () => {
    expect(
      breaking(
        (walked) => to(walked) !== 'talking' && to(walked) !== 'ended',
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

describe('from every reachable state', () => {
  const key = (call: Call): string =>
    JSON.stringify([call.state.at, callTakerOf(call), call.saying?.what, call.offers.map(({ outcome }) => outcome)]);
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
    const waiting = states.filter(([, call]) => call.state.at !== 'ended' && call.offers.length < 2).map(([name]) => name);
    expect(waiting.length).toBeGreaterThan(10);
    expect(waiting.filter((name) => !canReach(name, 'talking'))).toEqual([]);
  });
});
