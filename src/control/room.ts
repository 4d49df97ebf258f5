/**
 * The control room as it is asked from outside (http/): every question answered from what is saved, every request saved before it is
 * done. Holds no state of its own.
 */
import type { Call } from '../call/call.ts';
import type { CallEvent } from '../call/events.ts';
import type { CallTaker } from '../desk/call-taker.ts';
import { Fault } from '../kernel/faults.ts';
import type { CallId, CallTakerId } from '../kernel/ids.ts';
import type { CallDesk } from './call-desk.ts';
import type { CallTakers } from './call-takers.ts';
import type { Incidents } from './incidents.ts';
import type { Roster } from './roster.ts';
import type { Texts } from './texts.ts';
import type { Clock, Store, Telephony } from './ports.ts';
import type { ControlRoom, Figures, SinkView } from './room-ports.ts';

export interface RoomParts {
  readonly store: Store;
  readonly telephony: Telephony;
  readonly clock: Clock;
  readonly desk: CallDesk;
  /** An event to the controller that has the call; Fault 'unavailable' where it does not answer. */
  readonly toOwner: (call: CallId, event: CallEvent) => Promise<unknown>;
  readonly callTakers: CallTakers;
  readonly incidents: Incidents;
  readonly roster: Roster;
  readonly texts: Texts;
  readonly sinks: readonly string[];
  /** What can be spoken to callers. */
  readonly languages: readonly string[];
  /** What is wrong with parts that have no port of their own, e.g. prompts still placeholders. */
  readonly troubles: () => readonly { readonly part: string; readonly trouble: string | null }[];
  readonly outboxChanged: () => void;
}

type Ask = Extract<CallEvent['type'], 'HoldAsked' | 'ResumeAsked' | 'FinishAsked' | 'PrivateAsked' | 'LeaveAsked'>;

export function openRoom(parts: RoomParts): ControlRoom {
  const { store, telephony, clock, toOwner, callTakers, incidents, roster } = parts;

  const callTaker = async (id: CallTakerId): Promise<CallTaker> => {
    const known = await store.callTaker(id);
    if (known === null) throw new Fault('unknown', `no call taker ${id}`);
    return known;
  };

  const call = async (id: CallId): Promise<Call> => {
    const known = await store.call(id);
    if (known === null) throw new Fault('unknown', `no call ${id}`);
    return known;
  };

  const told = async (id: CallId, event: CallEvent): Promise<Call> => {
    if (!store.isPresent()) throw new Fault('unavailable', 'the records are away; nothing can be changed now');
    await toOwner(id, event);
    return call(id);
  };

  /** Only who is in conversation with this caller may ask. */
  const ask = async (id: CallId, by: CallTakerId, type: Ask): Promise<Call> => {
    const { state } = await call(id);
    if (state.at !== 'talking' || state.with !== by)
      throw new Fault('conflict', `call taker ${by} is not in conversation with this caller`);
    return told(id, { type, callTaker: by, time: clock.now() });
  };

  const askWithInterpreter = async (id: CallId, by: CallTakerId, type: Ask): Promise<Call> => {
    const { interpreter, state } = await call(id);
    if (interpreter.is !== 'present') throw new Fault('conflict', 'no interpreter is in this conversation');
    if (state.at === 'talking' && state.floor.is !== 'open')
      throw new Fault('conflict', 'the caller is away from the conversation; resume first');
    return ask(id, by, type);
  };

  const sinks = async (): Promise<readonly SinkView[]> => {
    const now = clock.now();
    return Promise.all(
      parts.sinks.map(async (name) => {
        const { waiting, dead, oldest } = await store.backlog(name);
        return { name, waiting, dead, lagSeconds: oldest === null ? 0 : Math.max(0, (now - oldest) / 1000) };
      }),
    );
  };

  const knownSink = (name: string): string => {
    if (!parts.sinks.includes(name)) throw new Fault('unknown', `no sink ${name}`);
    return name;
  };

  return {
    ...parts.texts.room,
    callTakers: () => store.callTakers(),
    callTaker,
    ready: (id) => callTakers.ready(id),
    pause: (id, reason) => callTakers.pause(id, reason),
    off: (id) => callTakers.off(id),

    calls: (limit) => store.recentCalls(limit),
    call,
    line: async (limit) => {
      const [length, heads] = await Promise.all([store.lineLength(), store.line(limit)]);
      const known = await Promise.all(heads.map((entry) => store.call(entry.call)));
      return {
        length,
        callers: known
          .filter((entry) => entry !== null)
          .map(({ id, ticket, arrivedAt, language }) => ({ call: id, ticket, arrivedAt, language })),
      };
    },
    hold: (id, by) => ask(id, by, 'HoldAsked'),
    setLanguage: async (id, language) => {
      const { state } = await call(id);
      if (!parts.languages.includes(language)) {
        throw new Fault('invalid', 'that language is not spoken here', [`language: one of ${parts.languages.join(', ')}`]);
      }
      if (state.at === 'ended') throw new Fault('conflict', 'the call is over');
      return told(id, { type: 'LanguageChosen', language, time: clock.now() });
    },
    resume: (id, by) => ask(id, by, 'ResumeAsked'),
    finish: (id, by) => ask(id, by, 'FinishAsked'),
    speakPrivately: (id, by) => askWithInterpreter(id, by, 'PrivateAsked'),
    leaveToInterpreter: (id, by) => askWithInterpreter(id, by, 'LeaveAsked'),
    askInterpreter: async (id, wanted) => {
      const { state, interpreter, language } = await call(id);
      if (state.at === 'ended' || state.at === 'interpreted' || state.at === 'arriving')
        throw new Fault('conflict', 'the caller is not here');
      if (interpreter.is === 'present' || interpreter.is === 'prepared')
        throw new Fault('conflict', 'an interpreter is there; dismiss them first');
      const needed = wanted ?? language;
      const spoken = new Set((await store.volunteers()).flatMap(({ languages }) => languages.map((one) => one.language)));
      if (!spoken.has(needed)) {
        const known = spoken.size === 0 ? 'the roster is empty' : `language: one of ${[...spoken].toSorted().join(', ')}`;
        throw new Fault('invalid', 'nobody on the roster interprets that language', [known]);
      }
      return told(id, { type: 'InterpreterAsked', language: needed, time: clock.now() });
    },
    dismissInterpreter: async (id) => {
      const { interpreter } = await call(id);
      if (interpreter.is === 'none' || interpreter.is === 'nobody') throw new Fault('conflict', 'no interpreter to dismiss');
      return told(id, { type: 'InterpreterDismissed', time: clock.now() });
    },

    volunteers: () => store.volunteers(),
    volunteer: (id) => roster.get(id),
    setAvailable: (id, isAvailable) => roster.setAvailable(id, isAvailable),
    importRoster: (rows) => roster.importRows(rows),

    incident: (id) => incidents.get(id),
    incidents: (filter) => store.incidents(filter),
    edit: (id, version, edit, by) => incidents.edit(id, version, edit, by),
    handOver: (id, version, by) => incidents.handOver(id, version, by),
    close: (id, version, closing, by) => incidents.close(id, version, closing, by),

    sinks,
    deadLetters: (sink, limit) => store.deadLetters(knownSink(sink), limit),
    resend: async (sink, id) => {
      if (!(await store.resend(knownSink(sink), id, clock.now()))) throw new Fault('unknown', `no dead letter ${id} for ${sink}`);
      parts.outboxChanged();
    },

    journal: (after, limit) => store.journal(after, limit),
    readiness: async () => [
      { part: 'redis', trouble: store.isPresent() ? null : 'not reachable; new callers are served by the fallback' },
      { part: 'asterisk', trouble: telephony.isPresent() ? null : 'not reachable' },
      ...(await parts.texts.readiness()),
      ...parts.troubles(),
    ],
    figures: () => figures(parts, sinks),
  };
}

async function figures({ store, desk, texts }: RoomParts, sinks: () => Promise<readonly SinkView[]>): Promise<Figures> {
  const callsByPlace: Record<Call['state']['at'], number> = {
    arriving: 0,
    greeting: 0,
    waiting: 0,
    offered: 0,
    talking: 0,
    interpreted: 0,
    ended: 0,
  };
  for (const { state } of desk.calls()) callsByPlace[state.at] += 1;
  const callTakersByState: Record<CallTaker['state']['is'], number> = {
    off: 0,
    ready: 0,
    offered: 0,
    talking: 0,
    'after-call': 0,
    pause: 0,
  };
  const [lineLength, everybody, sinkViews, ofTexts] = await Promise.all([
    store.lineLength(),
    store.callTakers(),
    sinks(),
    texts.room.textFigures(),
  ]);
  for (const { state } of everybody) callTakersByState[state.is] += 1;
  return { callsByPlace, lineLength, callTakersByState, sinks: sinkViews, texts: ofTexts };
}
