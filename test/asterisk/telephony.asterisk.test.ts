/**
 * The contract of the telephone exchange on a real Asterisk, with scripted SIP phones at both ends.
 */
import { join } from 'node:path';
import { openTelephony } from '../../src/asterisk/telephony.ts';
import { telephonyContract } from '../contract/telephony.contract.ts';
import type { ContractPhone } from '../contract/telephony.levers.ts';
import { startAsterisk } from '../stack/asterisk.ts';
import { openLink } from '../stack/link.ts';
import { keptLog } from '../stack/log.ts';
import { BY_CHOICE, LINE_CUT, openDeskPhone, placeCall, type SipCaller } from '../stack/phone.ts';

telephonyContract('Asterisk', async () => {
  const asterisk = await startAsterisk({ broadcastMs: 1000 });
  const { settings } = asterisk;
  const link = await openLink({ host: settings.httpHost, port: settings.httpPort });
  const telephony = openTelephony({
    ariUrl: `http://${settings.httpHost}:${link.port}/ari`,
    ariUser: settings.ariUser,
    ariPassword: settings.ariPassword,
    instance: 'contract',
    ami: { host: settings.amiHost, port: settings.amiPort, user: settings.amiUser, password: settings.amiPassword },
    // Everything is said in one short word, so that the suite need not listen to whole prompts.
    prompts: { path: () => join(settings.promptsFolder, 'wait/to') },
    log: keptLog(),
  });
  const server = { host: settings.sipHost, port: settings.sipPort };
  const desks = await Promise.all(settings.callTakers.map(({ endpoint, secret }) => openDeskPhone(server, endpoint, secret)));
  const callers: SipCaller[] = [];
  const phone = (index: number): ContractPhone => {
    const desk = desks[index];
    if (desk === undefined) throw new Error('no such desk');
    return { ...desk, hangUp: (how) => desk.hangUp(how === 'choice' ? BY_CHOICE : LINE_CUT) };
  };
  return {
    telephony,
    phone: phone(0),
    otherPhone: phone(1),
    dial: async (number) => {
      const caller = await placeCall(server, number);
      callers.push(caller);
      caller.sound.whistle();
      return { isOver: () => caller.isOver(), hangUp: (how) => caller.hangUp(how === 'choice' ? null : LINE_CUT) };
    },
    cutLink: async () => link.cut(),
    mendLink: async () => link.mend(),
    stop: async () => {
      for (const one of [...desks, ...callers]) one.close();
      await link.close();
      await asterisk.stop();
    },
  };
});
