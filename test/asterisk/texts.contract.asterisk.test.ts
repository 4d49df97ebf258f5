/**
 * The contract of gateways on a real Asterisk, with a SIP endpoint as the far side of its trunk. Asterisk and the spool together are
 * this gateway's carrier: it answers 202 by itself, and is acknowledged by the record's going.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { clock } from '../../src/clock.ts';
import { openSipTexts } from '../../src/asterisk/texts.ts';
import { textSpoolFolderOf } from '../../scripts/stack/asterisk-config.ts';
import { gatewayContract } from '../contract/gateway.contract.ts';
import type { Peer, PeerHeard, PeerWishes } from '../contract/gateway.peer.ts';
import { openAriLink } from '../stack/ari-link.ts';
import { type PrivateAsterisk, startAsterisk } from '../stack/asterisk.ts';
import { HOST } from '../stack/loopback.ts';
import { openSipTexter, type SipTexter } from '../stack/sip-texter.ts';

const HEARD_MS = 1500;

let asterisk: PrivateAsterisk;
let far: SipTexter;
let folder = '';
let peers = 0;
beforeAll(async () => {
  far = await openSipTexter(() => ({ host: asterisk.settings.sipHost, port: asterisk.settings.sipPort }));
  asterisk = await startAsterisk({ trunkContact: `${HOST}:${far.port}` });
  folder = textSpoolFolderOf(asterisk.settings);
}, 30_000);
afterAll(async () => {
  far.close();
  await asterisk.stop();
}, 30_000);

/** Whether the spool still has a record of this Call-ID. */
async function isWaiting(callId: string): Promise<boolean> {
  const name = Buffer.from(callId).toString('base64');
  for (const file of await readdir(folder)) {
    const line = await readFile(join(folder, file), 'utf8').catch(() => '');
    if (line.includes(`"callId":"${name}"`)) return true;
  }
  return false;
}

async function peerOf({ answerWithinMs, log }: PeerWishes): Promise<Peer> {
  const { settings } = asterisk;
  for (const file of await readdir(folder)) await rm(join(folder, file));
  const link = await openAriLink({ host: settings.httpHost, port: settings.httpPort });
  const peer = ++peers;
  const before = far.taken.length;
  const gateway = openSipTexts(
    {
      name: 'sip',
      ariUrl: `http://${HOST}:${link.port}/ari`,
      ariUser: settings.ariUser,
      ariPassword: settings.ariPassword,
      instance: `contract-${peer}`,
      spoolFolder: folder,
      trunkContact: `${HOST}:${far.port}`,
      answerWithinMs,
      copyAfterMs: 200,
      lookEveryMs: 20,
      pingEveryMs: 200,
    },
    { clock, log },
  );
  const deliver: Peer['deliver'] = async ({ id, from, to, text }): Promise<PeerHeard> => {
    const callId = `${id.replaceAll(' ', '-')}@${peer}`;
    const deadline = Date.now() + HEARD_MS;
    const status = await far.send({ from, to, body: text, callId });
    if (status !== 202) return status === null ? 'none' : 'refused';
    // Asterisk answers before its dialplan has written; and a record may have come and gone between two looks.
    let wasWritten = false;
    while (Date.now() < deadline) {
      const waits = await isWaiting(callId);
      wasWritten ||= waits;
      if (!waits && (wasWritten || Date.now() > deadline - HEARD_MS / 2)) return 'acknowledged';
      if (waits && /could not be kept/.test(gateway.health().trouble ?? '')) return 'temporary';
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return 'none';
  };
  return {
    gateway,
    deliver,
    report: () => Promise.reject(new Error('SIP reports nothing')),
    submitted: () => far.taken.slice(before).map(({ from, to, text }) => ({ from, to, text })),
    behave: (how) => link.behave(how),
    cut: () => link.cut(),
    freeze: () => link.freeze(),
    mend: () => link.mend(),
    takePassword: () => undefined,
    secrets: () => [settings.ariPassword],
    close: () => link.close(),
  };
}

describe('a gateway for SIP MESSAGE', () => {
  gatewayContract(peerOf, { namesTexts: true, namesOurs: false, reports: false, keepsLine: true, password: false });
});
