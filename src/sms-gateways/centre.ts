/**
 * The way to another centre: a text that was meant for it goes there as JSON, signed, to its own gateway over HTTP. Takes nothing in.
 */
import type { Clock, Log } from '../control/ports.ts';
import type { TextGateway } from '../control/text-ports.ts';
import type { Instant } from '../kernel/instants.ts';
import { openHttpSender } from './http-out.ts';

export interface CentreSettings {
  readonly name: string;
  readonly url: string;
  /** `whsec_…`, one or two while one is being changed; each signs. */
  readonly secrets: readonly string[];
  readonly answerWithinMs: number;
}

export function openCentreGateway(settings: CentreSettings, { clock }: { readonly clock: Clock; readonly log: Log }): TextGateway {
  const { name, url, secrets, answerWithinMs } = settings;
  const sender = openHttpSender({ form: 'json', url, secrets, token: null, user: null, password: null, reportUrl: null, answerWithinMs });
  let isOpen = false;
  let heardAt: Instant | null = null;
  return {
    name,
    kind: 'centre',
    open: () => {
      isOpen = true;
      return Promise.resolve();
    },
    send: async (text) => {
      const sending = await sender.send(text, clock.now());
      if (sending.is !== 'unreachable') heardAt = clock.now();
      return sending;
    },
    health: () => ({ isUp: isOpen, trouble: sender.trouble(), heardAt }),
    close: async () => {
      isOpen = false;
      await sender.close();
    },
  };
}
