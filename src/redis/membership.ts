/**
 * Controllers' lives and the ownership of calls, each step one Redis function (lives.lua). Decides nothing, and keeps no time.
 */
import type { Call } from '../call/call.ts';
import type { Life, Membership } from '../control/membership-ports.ts';
import { callId } from '../kernel/ids.ts';
import type { Connection } from './connection.ts';
import { documentIn, texts, type Shelf } from './documents.ts';
import type { Keys } from './keys.ts';

/** `begin`: what is saved from now on is saved as this life. */
export function membershipDoor(redis: Connection, keys: Keys, calls: Shelf<Call>, instance: string, begin: (as: Life) => void): Membership {
  const { lives, livesSince, lastIncarnation, liveCalls } = keys;
  return {
    async join(how, leaseMs) {
      const answer = String(
        await redis.run('join', [lives, livesSince, lastIncarnation, liveCalls], [instance, String(leaseMs), how, keys.call]),
      );
      if (answer === 'taken') return null;
      begin(answer);
      return answer;
    },
    async renew(life, leaseMs) {
      const [is, lapsed] = texts(await redis.run('renew', [lives, livesSince], [life, String(leaseMs)]));
      return is === 'held' ? { is, lapsed: Number(lapsed) } : { is: 'lost' };
    },
    async leave(life) {
      await redis.run('leave', [lives], [life]);
    },
    adopt: async (life, leaseMs) =>
      texts(await redis.run('adopt', [lives, livesSince, liveCalls], [life, String(leaseMs), keys.call])).map(callId),
    async ownCalls(life) {
      const flat = texts(await redis.run('own_calls', [liveCalls], [life, keys.call]));
      return flat.flatMap((id, n) => (n % 2 === 0 ? [documentIn(calls, id, flat[n + 1])] : []));
    },
    async ownerOf(call) {
      const owner = await redis.send('HGET', keys.call + call, 'owner');
      return typeof owner === 'string' ? owner : null;
    },
  };
}
