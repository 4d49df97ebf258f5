/**
 * A phone whose last call has been cleared away: one that is rung a moment too early answers that it is busy. Rings nobody.
 */
import type { Answer, Connection } from './connection.ts';

const WITHIN_MS = 1000;
const LOOK_MS = 5;

/** The endpoint as Asterisk knows it, once nothing but this leg is on it, or after a second. */
export async function phoneAtRest(command: Connection['command'], endpoint: string, leg: string): Promise<Answer> {
  const deadline = performance.now() + WITHIN_MS;
  for (;;) {
    const phone = await command('GET', ['endpoints', 'PJSIP', endpoint]);
    const channels = (phone.body as { channel_ids?: unknown } | null)?.channel_ids;
    const isBusy = Array.isArray(channels) && channels.some((channel) => channel !== leg);
    if (!isBusy || performance.now() > deadline) return phone;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
