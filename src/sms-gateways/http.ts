/**
 * Texts over HTTP: a server that takes them in, and the address they are sent out by. For carriers' and makers' gateways that speak
 * HTTP, and for Kannel. Keeps no connection; it is up while it listens.
 */
import type { Clock, Log } from '../control/ports.ts';
import type { TextGateway } from '../control/text-ports.ts';
import type { Instant } from '../kernel/instants.ts';
import { openHttpIn, type HttpIn } from './http-in.ts';
import { openHttpSender, type HttpOut } from './http-out.ts';

export interface HttpGatewaySettings extends HttpIn {
  /** `null`: nothing can be sent by this gateway. */
  readonly out: HttpOut | null;
  /** Requests under way are answered within so long when it closes. */
  readonly drainMs: number;
}

export interface HttpGateway extends TextGateway {
  /** Where it listens, e.g. `http://127.0.0.1:8120`; `null` before it does. */
  address(): string | null;
}

export function openHttpGateway(settings: HttpGatewaySettings, { clock, log }: { readonly clock: Clock; readonly log: Log }): HttpGateway {
  const sender = settings.out === null ? null : openHttpSender(settings.out);
  let listening: Awaited<ReturnType<typeof openHttpIn>> | null = null;
  let heardAt: Instant | null = null;
  let closing: Promise<void> | null = null;

  const close = async (): Promise<void> => {
    const { server } = listening ?? { server: null };
    listening = null;
    await sender?.close();
    if (server === null) return;
    let cancel: () => void = () => undefined;
    const bound = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, settings.drainMs);
      cancel = () => clearTimeout(timer);
    });
    const drained = server.close();
    await Promise.race([drained, bound]);
    cancel();
    server.server.closeAllConnections();
    await drained;
  };

  return {
    name: settings.name,
    kind: 'http',
    open: async (ears) => {
      if (closing !== null || listening !== null) return;
      const heard = (): void => {
        heardAt = clock.now();
      };
      listening = await openHttpIn(settings, { ears, clock, log, heard });
      log.info({ gateway: settings.name, url: listening.url }, 'texts are taken in over HTTP');
    },
    send: (text) => {
      if (closing !== null) return Promise.resolve({ is: 'unreachable', answer: 'the gateway is closed' });
      return sender?.send(text, clock.now()) ?? Promise.resolve({ is: 'refused', answer: 'this gateway has no address to send to' });
    },
    health: () => ({ isUp: listening !== null, trouble: sender?.trouble() ?? null, heardAt }),
    close: () => (closing ??= close()),
    address: () => listening?.url ?? null,
  };
}
