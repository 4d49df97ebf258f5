import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { complaintOfSignature, keyOf, signatures } from '../../src/kernel/signature.ts';

const secret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
const SECONDS = 1_772_323_200;

const signed = (secrets: readonly string[], body: string, seconds = SECONDS) => ({
  'webhook-id': 'msg_1',
  'webhook-timestamp': String(seconds),
  'webhook-signature': signatures(secrets.map(keyOf), 'msg_1', seconds, body),
});

describe('a signature', () => {
  it('is what the reference library makes of the same message', () => {
    for (const body of ['{}', '{"what":"打架 🔥"}', '', '\u0000']) {
      const one = secret();
      expect(signed([one], body)['webhook-signature']).toBe(new Webhook(one).sign('msg_1', new Date(SECONDS * 1000), body));
    }
  });

  it('is accepted by the reference library, also with two keys, by holders of either', () => {
    const [fresh, old] = [secret(), secret()];
    const now = Math.floor(Date.now() / 1000);
    const headers = signed([fresh, old], '{"a":1}', now);
    expect(headers['webhook-signature'].split(' ')).toHaveLength(2);
    expect(new Webhook(fresh).verify('{"a":1}', headers)).toEqual({ a: 1 });
    expect(new Webhook(old).verify('{"a":1}', headers)).toEqual({ a: 1 });
  });

  it('made by the reference library is found genuine', () => {
    const one = secret();
    const headers = { ...signed([one], ''), 'webhook-signature': new Webhook(one).sign('msg_1', new Date(SECONDS * 1000), 'x') };
    expect(complaintOfSignature([one], headers, 'x', SECONDS * 1000)).toBeNull();
  });

  it('fits while a key is changed: any of ours with any of theirs', () => {
    const [fresh, old] = [secret(), secret()];
    const check = (ours: readonly string[], theirs: readonly string[]) =>
      complaintOfSignature(theirs, signed(ours, 'x'), 'x', SECONDS * 1000);
    expect(check([fresh, old], [old])).toBeNull();
    expect(check([fresh, old], [fresh])).toBeNull();
    expect(check([old], [fresh, old])).toBeNull();
    expect(check([old], [fresh])).toBe('no signature fits');
  });

  it('fits nothing that was changed on the way', () => {
    const one = secret();
    const good = signed([one], 'x');
    const complain = (headers: object, body = 'x') => complaintOfSignature([one], { ...good, ...headers }, body, SECONDS * 1000);
    expect(complain({})).toBeNull();
    expect(complain({}, 'y')).toBe('no signature fits');
    expect(complain({ 'webhook-id': 'msg_2' })).toBe('no signature fits');
    expect(complain({ 'webhook-timestamp': String(SECONDS + 1) })).toBe('no signature fits');
    expect(complain({ 'webhook-signature': good['webhook-signature'].replace('v1,', 'v1a,') })).toBe('no signature fits');
    expect(complain({ 'webhook-signature': 'v1,' })).toBe('no signature fits');
    expect(complain({ 'webhook-signature': undefined })).toContain('needed');
    expect(complain({ 'webhook-timestamp': 'now' })).toContain('number of seconds');
  });

  it('is not believed five minutes later or earlier', () => {
    const one = secret();
    const at = (seconds: number) => complaintOfSignature([one], signed([one], 'x'), 'x', (SECONDS + seconds) * 1000);
    expect([at(299), at(-299)]).toEqual([null, null]);
    expect(at(301)).toContain('old');
    expect(at(-301)).toContain('future');
  });

  it('needs a secret of the right form, which is never repeated in the complaint', () => {
    for (const wrong of ['', 'whsec_', 'abc', 'whsec_!!!!', 'whsec_c2hvcnQ=', `whsec_${randomBytes(65).toString('base64')}`]) {
      expect(() => keyOf(wrong)).toThrow(/webhook secret/);
    }
    expect(() => keyOf('not-for-your-eyes')).toThrow(expect.objectContaining({ message: expect.not.stringContaining('eyes') }));
  });
});
