/** A short message gateway of CMPP that stands behind ours, as the contract of gateways drives it. */
import { clock } from '../../src/clock.ts';
import { CMPP_USUAL, openCmpp, type CmppSettings } from '../../src/sms-gateways/cmpp.ts';
import type { Peer, PeerHeard, PeerMaker } from '../contract/gateway.peer.ts';
import type { Version } from '../simulators/ismg-tables.ts';
import { Ismg, type Delivery, type Heard } from '../simulators/ismg.ts';
import { HOST } from '../stack/loopback.ts';

export const SOURCE = '110451';
export const RIGHT = 'right secret';
const WRONG = 'wrong secret';

/** Settings that suit a test: everything happens soon. */
export const settingsFor = (port: number, wishes: Partial<CmppSettings> = {}): CmppSettings => ({
  ...CMPP_USUAL,
  name: 'mobile',
  host: HOST,
  port,
  sourceAddress: SOURCE,
  secret: RIGHT,
  serviceId: 'POLICE',
  answerWithinMs: 400,
  activeTestMs: 150,
  reconnectFirstMs: 20,
  reconnectMostMs: 100,
  refusedRetryMs: 100,
  ...wishes,
});

const ucs2 = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
export const delivery = (id: Buffer, from: string, to: string, text: string): Delivery => ({
  id,
  from,
  to,
  format: 8,
  content: ucs2(text),
});

export const cmppPeer =
  (version: Version): PeerMaker =>
  async ({ answerWithinMs, password, log }) => {
    const ismg = await Ismg.open({ version, sourceAddress: SOURCE, secret: RIGHT });
    const own = password === 'right' ? RIGHT : WRONG;
    const gateway = openCmpp(settingsFor(ismg.port, { version, answerWithinMs, secret: own }), { clock, log });
    const names = new Map<string, Buffer>();
    const nameOf = (id: string): Buffer => {
      const name = names.get(id) ?? ismg.nextId();
      names.set(id, name);
      return name;
    };
    const peer: Peer = {
      gateway,
      deliver: async ({ id, from, to, text }) => meaning(await ismg.deliver(delivery(nameOf(id), from, to, text))),
      report: async ({ carrierId, outcome }) =>
        meaning(await ismg.deliver(ismg.report(Buffer.from(carrierId, 'hex'), outcome === 'delivered' ? 'DELIVRD' : 'UNDELIV'))),
      submitted: () => wholeTexts(ismg),
      behave: (how) => {
        ismg.submitResult = ({ accept: 0, refuse: 13, busy: 8, silent: 'silent' } as const)[how];
      },
      cut: () => ismg.cut(),
      freeze: () => ismg.freeze(),
      mend: () => ismg.mend(),
      takePassword: () => {
        ismg.secret = own;
      },
      secrets: () => [RIGHT, WRONG],
      close: () => ismg.close(),
    };
    return peer;
  };

/** An answer that never comes, because the other side has left, is CMPP's temporary failure: what is unanswered is handed in again. */
const meaning = (heard: Heard): PeerHeard => {
  if (heard === 'gone') return 'temporary';
  if (heard === 'none') return 'none';
  return heard === 0 ? 'acknowledged' : 'refused';
};

/** The texts that were accepted, their parts put together. */
export function wholeTexts(ismg: Ismg): readonly { readonly from: string; readonly to: string; readonly text: string }[] {
  const texts = new Map<string, { from: string; to: string; pieces: Buffer[]; format: number }>();
  for (const { id, values } of ismg.submitted) {
    const content = values['Msg_Content'] as Buffer;
    const isPart = values['TP_udhi'] === 1;
    const key = isPart ? `part ${content[3]}` : id.toString('hex');
    const [from, to] = [String(values['Src_Id']), String(values['Dest_terminal_Id'])];
    const text = texts.get(key) ?? { from, to, pieces: [], format: Number(values['Msg_Fmt']) };
    texts.set(key, text);
    text.pieces[isPart ? (content[5] ?? 1) - 1 : 0] = isPart ? content.subarray(6) : content;
  }
  return [...texts.values()].map(({ from, to, pieces, format }) => ({
    from,
    to,
    text: new TextDecoder(format === 8 ? 'utf-16be' : 'latin1').decode(Buffer.concat(pieces)),
  }));
}
