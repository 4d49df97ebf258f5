import fc from 'fast-check';
import { DANGER_SIGNS } from '../../src/reading/reading.ts';
import { expect, test } from 'vitest';
import { incidentId, threadId } from '../../src/kernel/ids.ts';
import type { Instant } from '../../src/kernel/instants.ts';
import { answer, onTheirWay } from '../../src/sms/answering.ts';
import { forwardText } from '../../src/sms/forwarding.ts';
import { decide } from '../../src/sms/guard.ts';
import { closeThread, putBack, reopenThread, takeOver } from '../../src/sms/holding.ts';
import { reported, sendingAnswered, sendingNext, type SendingAnswer } from '../../src/sms/outgoing.ts';
import type { Refused } from '../../src/sms/rules.ts';
import { joinInto, splitFrom } from '../../src/sms/split-join.ts';
import { takeText } from '../../src/sms/taking-in.ts';
import type { KeptText } from '../../src/sms/text.ts';
import type { Outgoing, OutgoingState, Thread } from '../../src/sms/thread.ts';
import { ANNA, at, BERT, opened, part, RULES, text } from './world.ts';

/** Threads of one reporter, and whatever may happen to them; every promise is looked at after every step. */
interface World {
  readonly threads: readonly Thread[];
  readonly seconds: number;
}
type Happening = (world: World) => World;

const nth = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(list.length, 1)];
const put = (world: World, ...threads: readonly Thread[]): World => ({
  ...world,
  threads: [
    ...world.threads.map((old) => threads.find(({ id }) => id === old.id) ?? old),
    ...threads.filter(({ id }) => !world.threads.some((old) => old.id === id)),
  ],
});
/** One thread changes; a refusal changes nothing. */
const step =
  (n: number, make: (thread: Thread, now: Instant) => Thread | Refused | null): Happening =>
  (world) => {
    const thread = nth(world.threads, n);
    const next = thread === undefined ? null : make(thread, at(world.seconds));
    return next === null || 'refused' in next ? world : put(world, next);
  };

const index = fc.oneof({ arbitrary: fc.constant(0), weight: 8 }, { arbitrary: fc.nat({ max: 5 }), weight: 1 });
const words = fc
  .subarray(['@place', '@what', '@time', '@urgent', '#asks-state', '#calls-off', '#another', 'ru: ', 'x'], { maxLength: 4 })
  .chain((marks) => fc.constantFrom(...Array<string>(18).fill(''), '!hiding', '!no-reply').map((danger) => [...marks, danger].join(' ')));
const place = fc.constantFrom(null, null, part(1, 2), part(2, 2), part(1, 3), part(3, 3));
const isGone = ({ holder, links }: Thread): boolean =>
  holder.is === 'elsewhere' || links.some(({ relation }) => relation === 'joined-into');

const came = (n: number, said: string | null, where: Partial<KeptText> | null): Happening =>
  step(n, (thread, now) => (isGone(thread) ? null : takeText(thread, text(said, 0, { ...where, receivedAt: now }), now, RULES)));
const texts = fc
  .tuple(index, fc.oneof({ arbitrary: words, weight: 9 }, { arbitrary: fc.constant(null), weight: 1 }), place)
  .map(([n, said, where]) => came(n, said, where));
const passes = fc.nat({ max: 60 }).map((seconds): Happening => (world) => ({ ...world, seconds: world.seconds + seconds }));
/** Mostly what is due is given away, and mostly what was given away is answered for. */
const ones = (thread: Thread, states: readonly OutgoingState[], number: number): number =>
  nth(
    thread.outgoing.filter(({ state }) => states.includes(state)),
    number,
  )?.number ??
  nth(thread.outgoing, number)?.number ??
  0;
/** Often it is waited for until something is due. */
const untilDue =
  (n: number): Happening =>
  (world) => {
    const dues = (nth(world.threads, n)?.outgoing ?? []).flatMap(({ dueAt }) => dueAt ?? []);
    const next = Math.min(...dues);
    return dues.length === 0 ? world : { ...world, seconds: Math.max(world.seconds, (next - at(0)) / 1000) };
  };
const sends = fc.tuple(index, index, fc.nat({ max: 15 }), fc.boolean()).map(([n, number, silenced, isWaitedFor]): Happening => {
  const given = step(n, (thread, now) => sendingNext(thread, ones(thread, ['waiting', 'sent'], number), now, silenced === 0, RULES));
  return (world) => given(isWaitedFor ? untilDue(n)(world) : world);
});
const gatewayAnswers = fc
  .tuple(
    index,
    index,
    fc.boolean(),
    fc.constantFrom<SendingAnswer>(
      { is: 'accepted', carrierIds: ['a', 'b'] },
      { is: 'accepted', carrierIds: ['a'] },
      { is: 'accepted', carrierIds: ['a'] },
      { is: 'handed-on' },
      { is: 'refused', answer: 'no' },
      { is: 'unreachable', answer: 'no line' },
    ),
  )
  .map(([n, number, isLate, said]) =>
    step(n, (thread, now) => sendingAnswered(thread, ones(thread, isLate ? [] : ['sent'], number), said, now, RULES)),
  );
const carrierReports = fc
  .tuple(index, index, fc.constantFrom('a', 'b', 'z'), fc.constantFrom('accepted' as const, 'delivered' as const, 'failed' as const))
  .map(([n, number, id, outcome]) =>
    step(n, (thread, now) => reported(thread, ones(thread, ['accepted', 'failed'], number), id, outcome, 'X', now)),
  );
const people = fc.tuple(index, fc.nat({ max: 12 }), fc.constantFrom(ANNA, BERT)).map(([n, what, by]) =>
  step(n, (thread, now) => {
    switch (what) {
      case 0:
        return takeOver(thread, by, now);
      case 1:
        return putBack(thread, by, now);
      case 2:
        return closeThread(thread, now);
      case 3:
        return reopenThread(thread, now);
      case 4:
        return answer(thread, 'we come', by, now, RULES);
      case 5:
        return onTheirWay(thread, now, RULES);
      case 6:
      case 7:
        return decide(thread, what === 6, 'because', DANGER_SIGNS, by, now);
      default:
        return decide(thread, true, 'because', DANGER_SIGNS, by, now);
    }
  }),
);
const splits = fc.tuple(index, index).map(([n, from]): Happening => (world) => {
  const thread = nth(world.threads, n);
  const first = nth(thread?.received ?? [], from);
  if (thread === undefined || first === undefined) return world;
  const name = `S${world.threads.length}`;
  const halves = splitFrom(thread, first.id, { id: threadId(name), incident: incidentId(name) }, at(world.seconds), RULES);
  return 'refused' in halves ? world : put(world, halves.rest, { ...halves.split, revision: 7 });
});
const joins = fc.tuple(index, index).map(([n, other]): Happening => (world) => {
  const [one, into] = [nth(world.threads, n), nth(world.threads, other)];
  const both = one === undefined || into === undefined ? null : joinInto(one, into, at(world.seconds), RULES);
  return both === null || 'refused' in both ? world : put(world, both.joined, both.into);
});
const forwards = index.map((n) =>
  step(n, (thread, now) => (isGone(thread) ? null : forwardText(thread, { code: '440300', name: '深圳', gateway: 'c' }, now, RULES))),
);

const happenings = fc.array(
  fc.oneof(
    { arbitrary: texts, weight: 8 },
    { arbitrary: sends, weight: 8 },
    { arbitrary: gatewayAnswers, weight: 6 },
    { arbitrary: carrierReports, weight: 3 },
    { arbitrary: people, weight: 4 },
    { arbitrary: passes, weight: 2 },
    { arbitrary: splits, weight: 1 },
    { arbitrary: joins, weight: 1 },
    { arbitrary: forwards, weight: 1 },
  ),
  { minLength: 5, maxLength: 60, size: 'max' },
);

const isToReporter = ({ purpose }: Outgoing): boolean => purpose !== 'forward';
const isOut = ({ state, attempts }: Outgoing): boolean => state !== 'withheld' || attempts > 0;

/** From where to where a text of ours may go in one step. */
const MAY: Readonly<Record<OutgoingState, readonly OutgoingState[]>> = {
  waiting: ['sent', 'accepted', 'failed', 'withheld'],
  sent: ['waiting', 'accepted', 'failed', 'withheld'],
  accepted: ['delivered', 'failed'],
  delivered: [],
  failed: ['delivered'],
  withheld: ['accepted'],
};

function against(before: World, after: World): readonly string[] {
  return after.threads.flatMap((thread) => {
    const old = before.threads.find(({ id }) => id === thread.id);
    return [...againstState(thread), ...(old === undefined ? [] : againstStep(old, thread, before, after))].map(
      (told) => `${thread.id}: ${told}`,
    );
  });
}

function againstState(thread: Thread): readonly string[] {
  const { outgoing, guard } = thread;
  const asked = outgoing.filter((one) => one.asks !== null && isOut(one));
  const isShut = guard.is === 'silent' || guard.is === 'forbidden';
  const isQuick = ({ state }: Outgoing): boolean => state === 'waiting' || state === 'sent';
  const must: readonly (readonly [string, boolean])[] = [
    ['numbers run 1, 2, 3 …', outgoing.every(({ number }, n) => number === n + 1)],
    ['nothing is under way while the guard is shut', !(isShut && outgoing.some((one) => isToReporter(one) && isQuick(one)))],
    ['questions have a most', asked.length <= RULES.questionsAtMost],
    ...(['place', 'what', 'time'] as const).map(
      (essential) =>
        [
          `${essential} is not asked for too often`,
          asked.filter(({ asks }) => asks === essential).length <= RULES.sameQuestionAtMost[essential],
        ] as const,
    ),
    [
      'automatic texts have a most',
      outgoing.filter((one) => isToReporter(one) && one.by === 'system' && isOut(one)).length <= RULES.automaticAtMost,
    ],
    ['what is under way is due, and nothing else', outgoing.every((one) => isQuick(one) === (one.dueAt !== null))],
    [
      'what is at its end is settled, and nothing else',
      outgoing.every((one) => isQuick(one) || (one.state === 'accepted') === (one.settledAt === null)),
    ],
    [
      'what is kept back or failed says why',
      outgoing.every(({ state, why }) => (state !== 'withheld' && state !== 'failed') || why !== null),
    ],
    [
      'delivered is delivered whole',
      outgoing.every((one) => one.state !== 'delivered' || one.carrierIds.every((id) => one.deliveredIds.includes(id))),
    ],
    ['the revision is not counted here', thread.revision === 7],
    ['who was joined away is closed', !thread.links.some(({ relation }) => relation === 'joined-into') || thread.holder.is === 'closed'],
  ];
  return must.flatMap(([told, holds]) => (holds ? [] : [told]));
}

function againstStep(old: Thread, thread: Thread, before: World, after: World): readonly string[] {
  const ids = ({ received }: Thread): readonly string[] => received.flatMap(({ parts }) => parts.map(({ id }) => String(id)));
  const fresh = after.threads.filter(({ id }) => !before.threads.some((one) => one.id === id));
  const has = new Set([thread, ...fresh].flatMap(ids));
  const wrong = old.outgoing.flatMap((was, n) => {
    const is = thread.outgoing[n];
    if (is === undefined) return ['a text of ours is gone'];
    if (is.state !== was.state && !MAY[was.state].includes(is.state)) return [`${was.state} became ${is.state}`];
    const isUntouched = was.state === 'waiting' && was.attempts === 0;
    if (!isUntouched && (is.text !== was.text || is.purpose !== was.purpose || is.asks !== was.asks))
      return ['a text was rewritten after it went'];
    const isGiven = is.state === 'sent' && is.attempts > was.attempts;
    return isGiven && is.purpose === 'question' && !thread.missing.includes(is.asks ?? 'time') ? ['it asks for what is known'] : [];
  });
  return [
    ...wrong,
    ...(ids(old).every((id) => has.has(id)) ? [] : ['a text of the reporter is gone']),
    ...(thread.outgoing.slice(old.outgoing.length).every(({ state }) => state === 'waiting' || state === 'withheld')
      ? []
      : ['a text begins otherwise']),
    ...(thread.outgoing.length > old.outgoing.length + 2 + thread.received.length ? ['too many texts at once'] : []),
  ];
}

test('whatever happens to the threads of a reporter, every promise holds after every step', () => {
  fc.assert(
    fc.property(happenings, (list) => {
      const first = [text('hello', 0), text('@what', 0)];
      let world: World = { threads: first.map((one, n) => ({ ...opened(one, `T${n}`), revision: 7 })), seconds: 1 };
      for (const happen of list) {
        const next = happen(world);
        const told = against(world, next);
        expect(told).toEqual([]);
        world = next;
      }
    }),
    { numRuns: 1000 },
  );
});

test('the walk reaches every state of a text, every guard and every holder, or it would prove nothing', () => {
  const seen = new Set<string>();
  const runs = fc.sample(happenings, { numRuns: 600, seed: 4 });
  for (const list of runs) {
    const first = [text('hello', 0), text('@what', 0)];
    let world: World = { threads: first.map((one, n) => ({ ...opened(one, `T${n}`), revision: 7 })), seconds: 1 };
    for (const happen of list) world = happen(world);
    for (const { outgoing, guard, holder, links } of world.threads) {
      for (const { state, purpose } of outgoing) seen.add(state).add(purpose);
      seen.add(guard.is).add(`held: ${holder.is}`);
      for (const { relation } of links) seen.add(relation);
    }
  }
  const states: readonly string[] = Object.keys(MAY);
  const purposes = ['receipt', 'question', 'state', 'on-their-way', 'forwarded', 'unreadable', 'call-taker', 'forward'];
  const rest = [
    'open',
    'silent',
    'allowed',
    'forbidden',
    'held: waiting',
    'held: taken',
    'held: closed',
    'held: elsewhere',
    'split-from',
    'joined-into',
  ];
  expect([...states, ...purposes, ...rest].filter((name) => !seen.has(name))).toEqual([]);
});
