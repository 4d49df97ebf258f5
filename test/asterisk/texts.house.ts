/**
 * A real Asterisk with two trunks and a gateway for SIP MESSAGE, for tests: a gateway and ears of its own for every test, an empty spool
 * after each.
 */
import { readdir } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { textSpoolFolderOf } from '../../scripts/stack/asterisk-config.ts';
import { openSipTexts, type SipTextsSettings } from '../../src/asterisk/texts.ts';
import { clock } from '../../src/clock.ts';
import type { TextGateway } from '../../src/control/text-ports.ts';
import { openEars, type Ears } from '../contract/gateway.ears.ts';
import { type PrivateAsterisk, startAsterisk } from '../stack/asterisk.ts';
import { keptLog } from '../stack/log.ts';
import { HOST } from '../stack/loopback.ts';
import type { SipServer } from '../stack/phone.ts';
import { openSipTexter, type SipTexter } from '../stack/sip-texter.ts';
import { until } from '../stack/until.ts';

/** The trunk that sets a language. */
export const RUSSIAN = '127.0.0.2';

export interface TextsHouse {
  readonly asterisk: PrivateAsterisk;
  readonly trunk: SipTexter;
  readonly folder: string;
  readonly ears: Ears;
  readonly gateway: TextGateway;
  /** By every gateway of every test before this one. */
  readonly said: readonly string[];
  server(): SipServer;
  /** A gateway of other settings; whoever makes it closes it. */
  made(about: Partial<SipTextsSettings>): TextGateway;
  /** In place of the usual gateway, which has not been opened or is closed. */
  instead(about: Partial<SipTextsSettings>): void;
  opened(): Promise<void>;
  spooled(): Promise<readonly string[]>;
  isSpooled(count: number): Promise<unknown>;
}

export function textsHouse(): TextsHouse {
  let asterisk: PrivateAsterisk;
  let trunk: SipTexter;
  let folder = '';
  let ears = openEars();
  let log = keptLog();
  let gateway: TextGateway;
  const said: string[] = [];
  const server = (): SipServer => ({ host: asterisk.settings.sipHost, port: asterisk.settings.sipPort });
  const made = (about: Partial<SipTextsSettings>): TextGateway => {
    const { httpPort, ariUser, ariPassword } = asterisk.settings;
    const usual: SipTextsSettings = {
      name: 'sip',
      ariUrl: `http://${HOST}:${httpPort}/ari`,
      ariUser,
      ariPassword,
      instance: 'one',
      spoolFolder: folder,
      trunkContact: `${HOST}:${trunk.port}`,
      answerWithinMs: 2000,
      lookEveryMs: 20,
    };
    return openSipTexts({ ...usual, ...about }, { clock, log });
  };
  const spooled = async (): Promise<readonly string[]> => (await readdir(folder)).filter((file) => file.endsWith('.json'));
  const isSpooled = (count: number): Promise<unknown> => until(`${count} records`, async () => (await spooled()).length === count);

  beforeAll(async () => {
    trunk = await openSipTexter(server);
    asterisk = await startAsterisk({
      trunkAddresses: [HOST, RUSSIAN],
      languagesByTrunk: { [RUSSIAN]: 'ru' },
      trunkContact: `${HOST}:${trunk.port}`,
      volunteers: [{ endpoint: 'anna', secret: 'secret-anna' }],
    });
    folder = textSpoolFolderOf(asterisk.settings);
  }, 30_000);
  afterAll(async () => {
    trunk.close();
    await asterisk.stop();
  }, 30_000);
  beforeEach(() => {
    log = keptLog();
    ears = openEars();
    gateway = made({});
  });
  afterEach(async () => {
    await gateway.close();
    // What a test left is no matter of the next.
    const rest = made({ copyAfterMs: 0, instance: 'rest' });
    await rest.open(openEars());
    await isSpooled(0);
    await rest.close();
    said.push(...log.lines);
  });

  return {
    get asterisk() {
      return asterisk;
    },
    get trunk() {
      return trunk;
    },
    get folder() {
      return folder;
    },
    get ears() {
      return ears;
    },
    get gateway() {
      return gateway;
    },
    said,
    server,
    made,
    instead: (about) => {
      gateway = made(about);
    },
    opened: async () => {
      await gateway.open(ears);
      await until('the gateway to be up', () => gateway.health().isUp);
    },
    spooled,
    isSpooled,
  };
}
