/** A message centre that stands behind an SMPP gateway, as the contract of gateways drives it. */
import { clock } from '../../src/clock.ts';
import { openSmpp, SMPP_USUAL, type SmppSettings } from '../../src/sms-gateways/smpp.ts';
import type { Peer, PeerMaker } from '../contract/gateway.peer.ts';
import { openSmsc, type Smsc, type Submitted } from '../simulators/smsc.ts';
import { HOST } from '../stack/loopback.ts';

const RIGHT = 'rightpw1';
const WRONG = 'wrongpw2';

/** Settings that suit a test: everything happens soon. */
export const settingsFor = (port: number, wishes: Partial<SmppSettings> = {}): SmppSettings => ({
  ...SMPP_USUAL,
  name: 'carrier',
  host: HOST,
  port,
  systemId: 'centre110',
  password: RIGHT,
  answerWithinMs: 400,
  enquireLinkMs: 200,
  reconnectFirstMs: 20,
  reconnectMostMs: 100,
  refusedRetryMs: 100,
  ...wishes,
});

/** What a text is as a deliver_sm, in UCS-2. */
export const delivered = (from: string, to: string, text: string): Readonly<Record<string, unknown>> => ({
  source_addr: from,
  destination_addr: to,
  data_coding: 8,
  short_message: Buffer.from(text, 'utf16le').swap16(),
});

export const openSmppPeer: PeerMaker = async ({ answerWithinMs, password, log }) => {
  const smsc = await openSmsc({ password: RIGHT });
  const own = password === 'right' ? RIGHT : WRONG;
  const gateway = openSmpp(settingsFor(smsc.port, { answerWithinMs, password: own }), { clock, log });
  const peer: Peer = {
    gateway,
    deliver: async ({ from, to, text }) => meaning(await smsc.deliver(delivered(from, to, text))),
    report: async ({ carrierId, outcome }) => meaning(await smsc.deliver(receipt(carrierId, outcome))),
    submitted: () => wholeTexts(smsc.submitted),
    behave: (how) => smsc.answerWith(({ accept: 0, refuse: 0x0b, busy: 0x58, silent: 'silent' } as const)[how]),
    cut: () => smsc.cut(),
    freeze: () => smsc.freeze(),
    mend: () => smsc.mend(),
    takePassword: () => smsc.setPassword(own),
    secrets: () => [RIGHT, WRONG],
    close: () => smsc.close(),
  };
  return peer;
};

/** The report about a text, in the words of the specification's appendix B. */
export const receipt = (id: string, outcome: 'delivered' | 'failed'): Readonly<Record<string, unknown>> => ({
  source_addr: '8613812345678',
  destination_addr: '121100451',
  esm_class: 4,
  data_coding: 0,
  short_message: Buffer.from(
    `id:${id} sub:001 dlvrd:001 submit date:2603010800 done date:2603010801 stat:${outcome === 'delivered' ? 'DELIVRD' : 'EXPIRED'} err:000 text:`,
    'latin1',
  ),
});

function meaning(answer: Awaited<ReturnType<Smsc['deliver']>>): Awaited<ReturnType<Peer['deliver']>> {
  if (answer === null) return 'none';
  return answer.status === 0 ? 'acknowledged' : answer.status === 0x64 ? 'temporary' : 'refused';
}

/** Long texts joined by the header that the package found. */
export function wholeTexts(parts: readonly Submitted[]): ReturnType<Peer['submitted']> {
  const texts: { from: string; to: string; key: string | null; pieces: string[] }[] = [];
  for (const { from, to, text, header } of parts) {
    const element = header.find((one) => one[0] === 0);
    const key = element === undefined ? null : `${from} ${to} ${element[2]} ${element[3]}`;
    let whole = key === null ? undefined : texts.find((one) => one.key === key);
    if (whole === undefined) texts.push((whole = { from, to, key, pieces: [] }));
    whole.pieces[element === undefined ? 0 : (element[4] ?? 0) - 1] = text;
  }
  return texts.map(({ from, to, pieces }) => ({ from, to, text: pieces.join('') }));
}
