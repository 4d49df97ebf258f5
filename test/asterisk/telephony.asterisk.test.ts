/**
 * The contract of the telephone exchange on a real Asterisk, with scripted SIP phones at both ends.
 */
import { join } from 'node:path';
import { openTelephony } from '../../src/asterisk/telephony.ts';
import { telephonyContract } from '../contract/telephony.contract.ts';
import type { ContractPhone, ContractVolunteer } from '../contract/telephony.levers.ts';
import { startAsterisk } from '../stack/asterisk.ts';
import { HOST } from '../stack/loopback.ts';
import { openLink } from '../stack/link.ts';
import { keptLog } from '../stack/log.ts';
import { BY_CHOICE, LINE_CUT, type DeskPhone, openDeskPhone, placeCall, type SipCaller } from '../stack/phone.ts';

telephonyContract('Asterisk', async () => {
  // The far side of the trunk; who is rung there is told by the number.
  const far = await openDeskPhone({ host: HOST, port: 0 }, 'far', '');
  const asterisk = await startAsterisk({
    broadcastMs: 1000,
    volunteers: [{ endpoint: 'volunteer-anna', secret: 'secret-anna' }],
    trunkContact: `${HOST}:${far.port}`,
  });
  const { settings } = asterisk;
  const link = await openLink({ host: settings.httpHost, port: settings.httpPort });
  const open = (instance: string, port: number) =>
    openTelephony({
      ariUrl: `http://${settings.httpHost}:${port}/ari`,
      ariUser: settings.ariUser,
      ariPassword: settings.ariPassword,
      instance,
      ami: { host: settings.amiHost, port: settings.amiPort, user: settings.amiUser, password: settings.amiPassword },
      // Everything is said in one short word, so that the suite need not listen to whole prompts.
      prompts: { path: () => join(settings.promptsFolder, 'wait/to') },
      log: keptLog(),
    });
  const telephony = open('contract', link.port);
  const server = { host: settings.sipHost, port: settings.sipPort };
  const desks = await Promise.all(settings.callTakers.map(({ endpoint, secret }) => openDeskPhone(server, endpoint, secret)));
  const near = await openDeskPhone(server, 'volunteer-anna', 'secret-anna');
  await near.register();
  const callers: SipCaller[] = [];
  const volunteer = (address: string, one: DeskPhone): ContractVolunteer => ({
    ...one,
    address,
    hangUp: (how) => one.hangUp(how === 'choice' ? BY_CHOICE : LINE_CUT),
  });
  const phone = (index: number): ContractPhone => {
    const desk = desks[index];
    if (desk === undefined) throw new Error('no such desk');
    return { ...desk, hangUp: (how) => desk.hangUp(how === 'choice' ? BY_CHOICE : LINE_CUT) };
  };
  return {
    telephony,
    another: (instance) => open(instance, settings.httpPort),
    phone: phone(0),
    otherPhone: phone(1),
    volunteer: volunteer('sip:volunteer-anna', near),
    farVolunteer: volunteer('tel:+86-139-0000-2222', far),
    dial: async (number) => {
      const caller = await placeCall(server, number);
      callers.push(caller);
      caller.sound.whistle();
      return { isOver: () => caller.isOver(), hangUp: (how) => caller.hangUp(how === 'choice' ? null : LINE_CUT) };
    },
    cutLink: async () => link.cut(),
    mendLink: async () => link.mend(),
    stop: async () => {
      for (const one of [...desks, near, far, ...callers]) one.close();
      await link.close();
      await asterisk.stop();
    },
  };
});
