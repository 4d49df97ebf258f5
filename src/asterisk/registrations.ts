/**
 * Whether each call taker's phone is registered and answers. AMI is listened to for the moment at which a contact changes; what is
 * true then is asked of ARI, and asked again every few seconds, so that a lost event costs seconds and not a shift.
 * Orders nothing over AMI, and nothing waits for it: without it the regular asking goes on alone.
 */
import Manager, { type Listener } from 'asterisk-manager';
import type { Heard, Log } from '../control/ports.ts';
import { wordsOf } from '../kernel/faults.ts';

export type Phone = Omit<Extract<Heard, { type: 'phone' }>, 'type'>;

export interface AmiSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

export interface Registrations {
  /** Ask now; what has changed is told. Never rejects: what cannot be asked now is asked again. */
  look(): Promise<void>;
  close(): void;
}

const LOOK_EVERY_MS = 5000;
const BACKOFF_FIRST_MS = 500;
const BACKOFF_MOST_MS = 30_000;

export function watchRegistrations(
  ami: AmiSettings | null,
  ask: () => Promise<readonly Phone[]>,
  tell: (phone: Phone) => void,
  log: Log,
): Registrations {
  const known = new Map<string, Phone['is']>();
  let closed = false;
  let looking: Promise<void> | null = null;
  let again = false;

  const lookOnce = async (): Promise<void> => {
    try {
      for (const phone of await ask()) {
        if (known.get(phone.endpoint) === phone.is || closed) continue;
        known.set(phone.endpoint, phone.is);
        tell(phone);
      }
    } catch (thrown) {
      log.debug({ reason: wordsOf(thrown) }, 'the phones could not be asked for now');
    }
  };
  /** One look at a time; a change heard meanwhile makes one more. */
  const look = (): Promise<void> => {
    again = looking !== null;
    looking ??= lookOnce().finally(() => {
      looking = null;
      if (again && !closed) void look();
    });
    return looking;
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  const listening = ami === null ? null : listen(ami, () => void look(), log);
  return {
    look,
    close: () => {
      closed = true;
      clearInterval(timer);
      listening?.close();
    },
  };
}

/** Each link is used once; after its end a new one is made. The package's own way back is slow and prints to the console. */
function listen(ami: AmiSettings, changed: () => void, log: Log): { close(): void } {
  let backoff = BACKOFF_FIRST_MS;
  let retry: NodeJS.Timeout | null = null;
  let closed = false;
  let link: Listener | null = null;
  const connect = (): void => {
    const mine = new Manager(ami.port, ami.host, ami.user, ami.password, true);
    link = mine;
    mine.on('response', (answer) => {
      if (answer['response'] === 'Error')
        return log.error({ port: ami.port }, 'AMI does not accept our user; phones are asked for at intervals');
      backoff = BACKOFF_FIRST_MS;
      return changed();
    });
    mine.on('managerevent', (event) => {
      if (event['event'] === 'ContactStatus') changed();
    });
    mine.on('close', () => {
      if (closed) return;
      mine.removeAllListeners('managerevent');
      log.debug({ port: ami.port }, 'AMI is gone; phones are asked for at intervals until it is back');
      retry = setTimeout(connect, backoff);
      backoff = Math.min(backoff * 2, BACKOFF_MOST_MS);
    });
  };
  connect();
  return {
    close: () => {
      closed = true;
      if (retry !== null) clearTimeout(retry);
      link?.disconnect();
    },
  };
}
