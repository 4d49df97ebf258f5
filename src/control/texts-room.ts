/**
 * The texts as they are asked about from outside (http/): the line of texts, taking over, answering, deciding, splitting and joining.
 * Every request is saved before it is answered. Holds no state of its own.
 */
import { closeIncident } from '../incident/editing.ts';
import type { Incident } from '../incident/incident.ts';
import { Fault } from '../kernel/faults.ts';
import { threadId, type CallTakerId, type ThreadId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instants.ts';
import { answer, onTheirWay } from '../sms/answering.ts';
import { decide, isShut } from '../sms/guard.ts';
import { putBack, takeOver } from '../sms/holding.ts';
import { joinInto, splitFrom } from '../sms/split-join.ts';
import type { TextRules } from '../sms/rules.ts';
import type { Thread } from '../sms/thread.ts';
import { incidentOf, textIdOf } from './incident-names.ts';
import type { Clock, Store } from './ports.ts';
import type { TextDesk } from './text-desk.ts';
import type { GatewayView, TextGateway, TextRoom } from './text-ports.ts';

/** Heads looked at for one call taker; whoever was quicker has the earlier ones. */
const HEADS = 20;

export interface TextsRoomParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly desk: TextDesk;
  readonly gateways: readonly TextGateway[];
  readonly rules: TextRules;
  readonly newCommitId: () => string;
}

export function openTextsRoom({ store, clock, desk, gateways, rules, newCommitId }: TextsRoomParts): TextRoom {
  const thread = async (id: ThreadId): Promise<Thread> => {
    const known = await store.thread(id);
    if (known === null) throw new Fault('unknown', `no thread ${id}`);
    return known;
  };

  const views = (): Promise<readonly GatewayView[]> =>
    Promise.all(
      gateways.map(async (gateway) => {
        const { waiting, oldestDue } = await store.outgoingBacklog(gateway.name);
        const lagSeconds = oldestDue === null ? 0 : Math.max(0, (clock.now() - oldestDue) / 1000);
        return { name: gateway.name, kind: gateway.kind, ...gateway.health(), waiting, lagSeconds };
      }),
    );

  /** The incident of a joined thread is a duplicate of the other's, and said to be so. */
  const closedAsDuplicate =
    (joined: ThreadId, into: Thread, by: CallTakerId, now: () => Instant) =>
    (of: Thread, incident: Incident): Incident => {
      if (of.id !== joined || incident.status === 'closed') return incident;
      const linked: Incident = {
        ...incident,
        links: [...incident.links.filter((link) => link.incident !== into.incident), { incident: into.incident, relation: 'duplicate' }],
      };
      const closing = { outcome: 'duplicate' as const, reason: `its texts were joined into incident ${into.incident}` };
      const closed = closeIncident(linked, closing, by, now());
      if (closed.is !== 'done') throw new Fault('conflict', closed.is === 'conflict' ? closed.why : closed.complaints.join('; '));
      return closed.incident;
    };

  return {
    thread,
    threads: (limit) => store.recentThreads(limit),
    textLine: async (limit) => {
      const [length, threads] = await Promise.all([store.textLineLength(), store.textLine(limit)]);
      return { length, threads };
    },
    takeNextText: async (by) => {
      for (const { id } of await store.textLine(HEADS)) {
        try {
          return await desk.change(id, 'TextTakenOver', (known, now) =>
            known.holder.is === 'waiting' ? takeOver(known, by, now) : { refused: 'somebody was quicker' },
          );
        } catch (thrown) {
          if (!(thrown instanceof Fault) || (thrown.kind !== 'conflict' && thrown.kind !== 'unknown')) throw thrown;
        }
      }
      return null;
    },
    takeText: (id, by) => desk.change(id, 'TextTakenOver', (known, now) => takeOver(known, by, now)),
    putBackText: (id, by) => desk.change(id, 'TextPutBack', (known, now) => putBack(known, by, now)),
    answerText: async (id, text, by) => {
      // It would be kept back at the gateway, where who wrote it does not see it.
      const { number, guard } = await thread(id);
      if (number !== null && !isShut(guard) && (await store.isSilenced(number))) {
        throw new Fault('conflict', 'another report of this number must not be answered; a call taker decides there first');
      }
      return desk.change(id, 'TextAnswerWritten', (known, now) => answer(known, text, by, now, rules));
    },
    decideReply: (id, allow, reason, seen, by) =>
      desk.change(id, 'SafeReplyDecided', (known, now) => decide(known, allow, reason, seen, by, now)),
    onTheirWay: async (incident) => {
      const known = await store.threadOfIncident(incident);
      if (known === null) throw new Fault('unknown', `incident ${incident} did not come by text`);
      return desk.change(known.id, 'OnTheirWay', (before, now) => onTheirWay(before, now, rules));
    },
    splitThread: async (id, from) => {
      const at = clock.now();
      const fresh = threadId(textIdOf(newCommitId(), at, 0));
      const about = { id: fresh, incident: incidentOf(fresh, at) };
      const [, split] = await desk.changeTogether('TextsSplit', async (now) => {
        const before = await thread(id);
        const step = splitFrom(before, from, about, now, rules);
        if ('refused' in step) throw new Fault('conflict', step.refused);
        return [
          { before, after: step.rest },
          { before: null, after: step.split },
        ];
      });
      if (split === undefined) throw new Fault('unavailable', 'the new thread was not saved');
      return split;
    },
    joinThreads: async (id, into, by) => {
      if (id === into) throw new Fault('invalid', 'a thread cannot be joined into itself', ['into: another thread']);
      const target = await thread(into);
      const steps = await desk.changeTogether(
        'TextsJoined',
        async (now) => {
          const [one, other] = await Promise.all([thread(id), thread(into)]);
          const step = joinInto(one, other, now, rules);
          if ('refused' in step) throw new Fault('conflict', step.refused);
          return [
            { before: one, after: step.joined },
            { before: other, after: step.into },
          ];
        },
        closedAsDuplicate(id, target, by, () => clock.now()),
      );
      return steps.find((one) => one.id === into) ?? target;
    },
    gateways: views,
    textFigures: async () => {
      const [lineLength, { count, oldest }, seen] = await Promise.all([store.textLineLength(), store.unread(), views()]);
      const unreadLagSeconds = oldest === null ? 0 : Math.max(0, (clock.now() - oldest) / 1000);
      return { lineLength, unread: count, unreadLagSeconds, gateways: seen };
    },
  };
}
