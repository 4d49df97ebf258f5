/**
 * Channels of another application, whose controller is gone, become this application's by ARI's `move`: they stay in their bridges, and
 * recordings go on. A channel obeys only once what is played to it has ended, so that is stopped first. A leg that rings belongs to the
 * application that rang it, whatever is done; it is let go. Decides nothing about calls.
 */
import type { Adopted, Log } from '../control/ports.ts';
import type { CallId } from '../kernel/ids.ts';
import type { Connection } from './connection.ts';
import { nameOf, readName, type Name } from './names.ts';

interface Surroundings {
  readonly application: string;
  readonly command: Connection['command'];
  readonly log: Log;
}

interface Channel {
  readonly id: string;
  readonly name: Name;
  readonly isUp: boolean;
}

/** Of what is said to volunteers only the call's count of utterances is known: the last ones are tried. */
const TOLD_LAST = 8;
const WITHIN_MS = 3000;
const LOOK_MS = 15;

/** Answers the names of the channels that are this application's now and were not before. */
export async function takeOver(around: Surroundings, calls: readonly Adopted[]): Promise<readonly string[]> {
  const { log } = around;
  const wanted = new Map(calls.map((adopted) => [adopted.call, adopted]));
  const [held, standing] = [await heldBy(around), await channelsOf(around, wanted)];
  const others = standing.filter(({ id }) => !held.has(id));
  await Promise.all(calls.map((adopted) => stopPlaying(around, adopted, others)));
  const deadline = performance.now() + WITHIN_MS;
  /** Asked for once and no more: a second `move` would take the channel out of our own application. */
  const asked = new Set<string>();
  let left = others;
  while (left.length > 0 && performance.now() < deadline) {
    const refused = await Promise.all(left.filter(({ id }) => !asked.has(id)).map((channel) => askFor(around, channel, asked)));
    const hopeless = new Set(refused.filter((id) => id !== null));
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const [mine, now] = [await heldBy(around), await channelsOf(around, wanted)];
    left = now.filter(({ id }) => !mine.has(id) && !hopeless.has(id) && left.some((one) => one.id === id));
  }
  if (left.length > 0) log.warn({ channels: left.length }, 'not every channel of another controller could be taken over yet');
  const mine = await heldBy(around);
  return others.map(({ id }) => id).filter((id) => mine.has(id));
}

/** Answers the channel where it cannot be had: a caller in no application is the dialplan's. A leg may be on its way into one. */
async function askFor({ application, command }: Surroundings, { id, name, isUp }: Channel, asked: Set<string>): Promise<string | null> {
  if (!isUp && name.role !== 'caller') {
    asked.add(id);
    await command('DELETE', ['channels', id], { reason: 'normal' });
    return null;
  }
  const { status } = await command('POST', ['channels', id, 'move'], { app: application });
  if (status < 300) asked.add(id);
  return status >= 300 && name.role === 'caller' ? id : null;
}

async function stopPlaying({ command }: Surroundings, { call, utterance, utterances }: Adopted, others: readonly Channel[]): Promise<void> {
  const isInterpreted = others.some(({ name }) => name.role === 'interpreter' && name.call === call);
  const told = isInterpreted ? Array.from({ length: Math.min(TOLD_LAST, utterances) }, (_, n) => nameOf(call, 'tell', utterances - n)) : [];
  const said = utterance === null ? [] : [nameOf(call, 'say', utterance)];
  await Promise.all([...said, ...told].map((playback) => command('DELETE', ['playbacks', playback])));
}

async function heldBy({ application, command }: Surroundings): Promise<ReadonlySet<string>> {
  const { body } = await command('GET', ['applications', application]);
  const ids = (body as { channel_ids?: unknown } | null)?.channel_ids;
  return new Set(Array.isArray(ids) ? ids.map(String) : []);
}

async function channelsOf({ command }: Surroundings, wanted: ReadonlyMap<CallId, Adopted>): Promise<readonly Channel[]> {
  const { body } = await command('GET', ['channels']);
  return (Array.isArray(body) ? (body as readonly { id?: unknown; state?: unknown }[]) : []).flatMap(({ id, state }) => {
    if (typeof id !== 'string') return [];
    const name = readName(id);
    return wanted.has(name.call) ? [{ id, name, isUp: state === 'Up' }] : [];
  });
}
