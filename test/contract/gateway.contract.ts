/**
 * What every gateway of texts must do, whatever it speaks: keep before it acknowledges, say what became of a text of ours, settle
 * every promise within its deadline, come back by itself, and close. Run against each door with its own peer.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEars, type Ears } from './gateway.ears.ts';
import { textOf, type Peer, type PeerMaker, type PeerTraits, type PeerWishes } from './gateway.peer.ts';
import { keptLog, type KeptLog } from '../stack/log.ts';
import { until } from '../stack/until.ts';

const SENDER = '8613812345678';
const CENTRE = '121100451';
const HELP = '救命 нам нужна помощь';
const ANSWER_WITHIN_MS = 400;
/** What a busy machine may need on top of a deadline. */
const SLACK_MS = 1500;
const LONG = `${'您的短信已收到，请留在安全的地方。'.repeat(12)}😀`;

export function gatewayContract(make: PeerMaker, traits: PeerTraits): void {
  let peer: Peer;
  let ears: Ears;
  let log: KeptLog;
  const begin = async (wishes: Partial<PeerWishes> = {}): Promise<void> => {
    log = keptLog();
    ears = openEars();
    peer = await make({ answerWithinMs: ANSWER_WITHIN_MS, password: 'right', log, ...wishes });
  };
  const opened = async (wishes: Partial<PeerWishes> = {}): Promise<void> => {
    await begin(wishes);
    await peer.gateway.open(ears);
    await isUp();
  };
  const isUp = () => until('the gateway is up', () => peer.gateway.health().isUp);
  const isDown = () => until('the gateway is down', () => !peer.gateway.health().isUp);
  const send = (text: string, id = '01JAB0000000000000000000AA.3') => peer.gateway.send({ id, to: SENDER, from: CENTRE, text });
  const deliver = (id = 'first', text = HELP) => peer.deliver({ id, from: SENDER, to: CENTRE, text });
  const timed = async <T>(what: Promise<T>): Promise<{ readonly answer: T; readonly ms: number }> => {
    const begun = performance.now();
    return { answer: await what, ms: performance.now() - begun };
  };

  beforeEach(() => begin());
  afterEach(async () => {
    ears.release();
    await peer.gateway.close();
    await peer.close();
    expect(log.lines.filter((line) => line.includes(SENDER.slice(4)))).toEqual([]);
  });
  /** Makes another peer than the one of beforeEach. */
  const instead = async (wishes: Partial<PeerWishes>): Promise<void> => {
    await peer.gateway.close();
    await peer.close();
    await begin(wishes);
  };

  describe('a text that comes', () => {
    beforeEach(async () => {
      await peer.gateway.open(ears);
      await isUp();
    });

    it('is handed in as it came, and acknowledged', async () => {
      expect(await deliver()).toBe('acknowledged');
      const [heard] = ears.texts;
      expect(heard).toMatchObject({ gateway: peer.gateway.name, from: SENDER, to: CENTRE, part: null });
      expect(heard && textOf(heard)).toBe(HELP);
      expect(ears.texts).toHaveLength(1);
    });

    it('is acknowledged once it is kept and not before', async () => {
      ears.hold();
      const answer = deliver();
      await until('the text is handed in', () => ears.texts.length === 1);
      const early = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 150, 'no answer'))]);
      expect(early).toBe('no answer');
      ears.release();
      expect(await answer).toBe('acknowledged');
    });

    it('is answered with a temporary failure where it cannot be kept, and kept when the carrier repeats it', async () => {
      ears.fail();
      expect(await deliver()).toBe('temporary');
      ears.mend();
      expect(await deliver()).toBe('acknowledged');
      expect(ears.kept.map(textOf)).toEqual([HELP]);
    });

    it('is acknowledged again when it is repeated, under the same name where the carrier gives one', async () => {
      expect([await deliver('same'), await deliver('same')]).toEqual(['acknowledged', 'acknowledged']);
      expect(ears.texts).toHaveLength(2);
      const names = new Set(ears.texts.map(({ carrierId }) => carrierId));
      expect(names.size).toBe(1);
      expect([...names].every((name) => (name === null) === !traits.namesTexts && (name ?? '').length <= 128)).toBe(true);
    });

    it('waits for no other: one that takes long to be kept keeps none behind it', async () => {
      ears.holdOne();
      const slow = deliver('slow', 'slow');
      await until('the slow one is handed in', () => ears.texts.length === 1);
      const quick = await Promise.all(Array.from({ length: 20 }, (_, n) => deliver(`quick ${n}`, `quick ${n}`)));
      expect(quick.every((answer) => answer === 'acknowledged')).toBe(true);
      ears.release();
      expect(await slow).toBe('acknowledged');
      expect(ears.texts.map(textOf).toSorted()).toEqual(['slow', ...Array.from({ length: 20 }, (_, n) => `quick ${n}`)].toSorted());
    });

    it('is taken when it is empty, and when its sender has no number', async () => {
      expect(await deliver('empty', '')).toBe('acknowledged');
      expect(await peer.deliver({ id: 'letters', from: 'BANK', to: CENTRE, text: 'x' })).toBe('acknowledged');
      expect(ears.texts.map((heard) => [heard.from, textOf(heard)])).toEqual([
        [SENDER, ''],
        ['BANK', 'x'],
      ]);
    });
  });

  describe('a text that goes', () => {
    beforeEach(async () => {
      await peer.gateway.open(ears);
      await isUp();
    });

    it('arrives, and what the carrier calls it is told', async () => {
      const sending = await send('警察正在路上');
      expect(sending.is).toBe(traits.namesOurs ? 'accepted' : 'handed-on');
      if (sending.is === 'accepted') {
        expect(sending.carrierIds.every((id) => id !== '')).toBe(true);
        expect(new Set(sending.carrierIds).size).toBe(sending.carrierIds.length);
        expect(sending.carrierIds.length).toBeGreaterThan(0);
      }
      expect(peer.submitted()).toEqual([{ from: CENTRE, to: SENDER, text: '警察正在路上' }]);
    });

    it('arrives whole when it is long, signs of four octets included', async () => {
      expect((await send(LONG)).is).toBe(traits.namesOurs ? 'accepted' : 'handed-on');
      expect(peer.submitted()).toEqual([{ from: CENTRE, to: SENDER, text: LONG }]);
    });

    it('is refused where to try again is of no use, with the answer of the carrier', async () => {
      peer.behave('refuse');
      const sending = await send('x');
      expect(sending.is).toBe('refused');
      expect('answer' in sending && sending.answer.length).toBeGreaterThan(0);
    });

    it('is to be tried again where the carrier is busy', async () => {
      peer.behave('busy');
      expect((await send('x')).is).toBe('unreachable');
      peer.behave('accept');
      expect((await send('x')).is).toBe(traits.namesOurs ? 'accepted' : 'handed-on');
    });

    it('is to be tried again where the carrier takes it and never answers, within the deadline', async () => {
      peer.behave('silent');
      const { answer, ms } = await timed(send('x'));
      expect(answer.is).toBe('unreachable');
      expect(ms).toBeLessThan(ANSWER_WITHIN_MS + SLACK_MS);
      peer.behave('accept');
      await until('a text goes again', async () => (await send('again')).is !== 'unreachable');
    });

    it('settles with all the others when a carrier never answers any of them', async () => {
      peer.behave('silent');
      const { answer, ms } = await timed(Promise.all(Array.from({ length: 30 }, (_, n) => send(`x ${n}`, `01JAB.${n}`))));
      expect(answer.every(({ is }) => is === 'unreachable')).toBe(true);
      expect(ms).toBeLessThan(ANSWER_WITHIN_MS + SLACK_MS);
    });
  });

  describe.runIf(traits.reports)('a report', () => {
    beforeEach(async () => {
      await peer.gateway.open(ears);
      await isUp();
    });
    const named = async (): Promise<string> => {
      const sending = await send('x');
      if (sending.is !== 'accepted') throw new Error(`the text was not accepted: ${JSON.stringify(sending)}`);
      return sending.carrierIds[0] ?? '';
    };

    it('tells of a text by the name that was given when it was accepted', async () => {
      const id = await named();
      expect(await peer.report({ carrierId: id, outcome: 'delivered' })).toBe('acknowledged');
      expect(await peer.report({ carrierId: id, outcome: 'failed' })).toBe('acknowledged');
      expect(ears.reports).toMatchObject([
        { gateway: peer.gateway.name, carrierId: id, outcome: 'delivered' },
        { gateway: peer.gateway.name, carrierId: id, outcome: 'failed' },
      ]);
      expect(ears.reports.every(({ words }) => words !== '')).toBe(true);
      expect(ears.texts).toEqual([]);
    });

    it('is acknowledged once it is noted, and repeated where that failed', async () => {
      const id = await named();
      ears.fail();
      expect(await peer.report({ carrierId: id, outcome: 'delivered' })).toBe('temporary');
      ears.mend();
      expect(await peer.report({ carrierId: id, outcome: 'delivered' })).toBe('acknowledged');
    });
  });

  describe('its health', () => {
    it('is down before it is opened and after it is closed', async () => {
      expect(peer.gateway.health().isUp).toBe(false);
      await peer.gateway.open(ears);
      await isUp();
      expect(peer.gateway.health().trouble).toBeNull();
      await peer.gateway.close();
      expect(peer.gateway.health().isUp).toBe(false);
    });

    it('tells when the other side was last heard', async () => {
      await peer.gateway.open(ears);
      await isUp();
      const before = Date.now();
      await deliver();
      expect(peer.gateway.health().heardAt ?? 0).toBeGreaterThanOrEqual(before);
    });
  });

  describe('a line that goes', () => {
    it('does not keep it from opening: it comes up when the other side does', async () => {
      peer.cut();
      await peer.gateway.open(ears);
      expect((await send('x')).is).toBe('unreachable');
      if (traits.keepsLine) expect(peer.gateway.health().isUp).toBe(false);
      peer.mend();
      await until('a text goes', async () => (await send('x')).is !== 'unreachable');
      await isUp();
      expect(await deliver()).toBe('acknowledged');
    });

    it.runIf(traits.keepsLine)('is told in a sentence, and comes back by itself, again and again', async () => {
      await peer.gateway.open(ears);
      for (const round of [1, 2, 3]) {
        await isUp();
        peer.cut();
        await isDown();
        await until('the trouble is told', () => peer.gateway.health().trouble);
        peer.mend();
        await isUp();
        expect(peer.gateway.health().trouble).toBeNull();
        expect(await deliver(`round ${round}`)).toBe('acknowledged');
      }
    });

    it('settles every text under way, and loses none that was acknowledged', async () => {
      await peer.gateway.open(ears);
      await isUp();
      peer.behave('silent');
      const sendings = Array.from({ length: 15 }, (_, n) => send(`x ${n}`, `01JAB.${n}`));
      ears.hold();
      const delivery = deliver();
      await until('a text is handed in', () => ears.texts.length === 1);
      peer.cut();
      expect((await Promise.all(sendings)).every(({ is }) => is === 'unreachable')).toBe(true);
      ears.release();
      await delivery;
      peer.behave('accept');
      peer.mend();
      await isUp();
      expect(await deliver()).toBe('acknowledged');
      expect((await send('x')).is).not.toBe('unreachable');
    });

    it.runIf(traits.keepsLine)('is noticed when it only falls silent', async () => {
      await peer.gateway.open(ears);
      await isUp();
      peer.freeze();
      await isDown();
      expect(await until('the trouble is told', () => peer.gateway.health().trouble)).not.toBe('');
      peer.mend();
      await isUp();
    });
  });

  describe.runIf(traits.password)('a wrong password', () => {
    it('is told in its health, stands in no log, and mends by itself once it is right', async () => {
      await instead({ password: 'wrong' });
      await peer.gateway.open(ears);
      const trouble = await until('the trouble is told', async () => {
        await send('x');
        const told = peer.gateway.health().trouble ?? '';
        return /password|token|secret/i.test(told) && told;
      });
      const secrets = peer.secrets();
      expect([trouble, ...log.lines].filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([]);
      expect((await send('x')).is).not.toBe('accepted');
      peer.takePassword();
      await until('a text goes', async () => (await send('x')).is === (traits.namesOurs ? 'accepted' : 'handed-on'));
      expect(peer.gateway.health()).toMatchObject({ isUp: true, trouble: null });
    });
  });

  describe('closing', () => {
    it('answers what is under way, takes nothing new, and settles', async () => {
      await peer.gateway.open(ears);
      await isUp();
      ears.hold();
      const delivery = deliver();
      await until('the text is handed in', () => ears.texts.length === 1);
      const closing = peer.gateway.close();
      expect((await send('x')).is).toBe('unreachable');
      ears.release();
      expect(await delivery).toBe('acknowledged');
      await closing;
      expect((await send('x')).is).toBe('unreachable');
      expect(await deliver('late')).not.toBe('acknowledged');
      expect(ears.texts).toHaveLength(1);
    });

    it('settles within its bound when nobody ever answers, and every text of ours with it', async () => {
      await peer.gateway.open(ears);
      await isUp();
      ears.hold();
      void deliver();
      await until('the text is handed in', () => ears.texts.length === 1);
      peer.behave('silent');
      const sending = send('x');
      peer.freeze();
      const { ms } = await timed(peer.gateway.close());
      expect(ms).toBeLessThan(2 * ANSWER_WITHIN_MS + SLACK_MS);
      expect((await sending).is).toBe('unreachable');
    });

    it('may be asked for twice, and before it was opened', async () => {
      await peer.gateway.close();
      await peer.gateway.close();
      expect((await send('x')).is).toBe('unreachable');
      await instead({});
      await opened();
      await Promise.all([peer.gateway.close(), peer.gateway.close()]);
    });
  });
}
