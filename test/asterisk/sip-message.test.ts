/**
 * A SIP MESSAGE in Asterisk's two copies: one text under one name, whatever its headers say.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { messageInEvent, messageInRecord, piecesOf, type SipMessage, textIn } from '../../src/asterisk/sip-message.ts';

const message = (about: Partial<SipMessage> = {}): SipMessage => ({
  from: '<sip:13800000078@192.0.2.1>',
  to: '<sip:121100451@192.0.2.2>',
  asserted: '',
  callId: 'a1@192.0.2.1',
  contentType: 'text/plain',
  contentLength: null,
  octets: Buffer.from('救命'),
  receivedAt: null,
  ...about,
});
const event = (about: Partial<SipMessage> & { readonly body?: string } = {}): unknown => {
  const { from, to, asserted, callId, contentType, contentLength, octets } = message(about);
  return {
    type: 'TextMessageReceived',
    message: {
      from,
      to: 'pjsip:121100451@192.0.2.2',
      body: about.body ?? Buffer.from(octets).toString('utf8'),
      variables: {
        To: to,
        'P-Asserted-Identity': asserted,
        'Call-ID': callId,
        'Content-Type': contentType,
        'Content-Length': contentLength === null ? '' : `${contentLength}`,
      },
    },
  };
};
const base64 = (what: string | Uint8Array): string => Buffer.from(what).toString('base64');
const record = (about: Partial<SipMessage> = {}): string => {
  const { contentLength, octets, receivedAt: _none, ...headers } = message(about);
  const words = Object.entries(headers).map(([name, value]) => [name, base64(value)]);
  return JSON.stringify({
    ...Object.fromEntries(words),
    contentLength: contentLength === null ? '' : base64(`${contentLength}`),
    body: base64(octets),
    receivedAt: 1_763_750_000_000,
    whole: true,
  });
};
const text = (about: Partial<SipMessage> = {}) => textIn(message(about), 'sip');

test('both copies are one text under one name; the record tells when it came', () => {
  fc.assert(
    fc.property(
      fc.record({
        from: fc.string({ unit: 'binary', maxLength: 60 }),
        to: fc.string({ unit: 'binary', maxLength: 60 }),
        asserted: fc.string({ unit: 'binary', maxLength: 60 }),
        callId: fc.string({ unit: 'binary', maxLength: 60 }),
        octets: fc.string({ unit: 'binary' }).map((words) => Buffer.from(words)),
      }),
      (about) => {
        const heard = messageInEvent(event(about));
        const written = messageInRecord(record(about));
        if (heard === null || written === null) return false;
        expect({ ...textIn(written, 'sip'), sentAt: null }).toEqual(textIn(heard, 'sip'));
        return textIn(written, 'sip').sentAt === 1_763_750_000_000;
      },
    ),
  );
});

test.each([
  ['<sip:13800000078@host>', '13800000078'],
  ['sip:13800000078@host', '13800000078'],
  ['<sips:+8613800000078@host:5061;user=phone>;tag=1', '+8613800000078'],
  ['<tel:+86-138-0000-0078;phone-context=+86>', '+86-138-0000-0078'],
  ['<tel:+8613800000078@>', '+8613800000078'],
  ['<sip:138;phone-context=+86@host>', '138'],
  ['<sip:%2B86138@host>', '+86138'],
  ['<sip:138%zz@host>', '138%zz'],
  ['<sip:138:secret@host>', '138'],
  ['"110 <sip:110@evil>" <sip:138@host>', '138'],
  ['"a \\" <sip:110@evil>" <sip:138@host>', '138'],
  ['"a" <sip:110@evil> " <sip:138@host>', '138'],
  ['"Foo " bar" <sip:anonymous@anonymous.invalid>', 'anonymous'],
  ['<sip:host>', ''],
  ['<mailto:a@b>', ''],
  ['', ''],
  ['<', ''],
  [`<sip:${'1'.repeat(200)}@host>`, '1'.repeat(64)],
])('%s is from %j', (from, number) => {
  expect(text({ from }).from).toBe(number);
  expect(text({ to: from }).to).toBe(number);
});

test.each([
  ['<tel:+86139>, <sip:138@host>', '+86139'],
  ['"Lu <sip:110@evil>" <sip:+86139@ims>', '+86139'],
  ['sip:+86139@ims', '+86139'],
  // Nothing in it that could be a number: the sender's own word is better than none.
  ['<sip:ims.example>', '13800000078'],
])('asserted as %s it is from %s', (asserted, number) => {
  expect(text({ asserted }).from).toBe(number);
});

test.each([
  ['text/plain', '救命', 'utf8'],
  ['text/plain; charset=UTF-8', '救命', 'utf8'],
  ['text/plain;charset="utf-8"', '', 'utf8'],
  ['text/plain;charset=GBK', Buffer.from('bec8c3fc', 'hex'), 'gb18030'],
  ['text/plain;charset=gb2312', Buffer.from('bec8c3fc', 'hex'), 'gb18030'],
  ['text/plain', Buffer.from('bec8c3fc', 'hex'), 'gb18030'],
  ['text/plain;charset=utf-8', Buffer.from('bec8c3fc', 'hex'), 'gb18030'],
  ['text/plain;charset=ISO-8859-1', Buffer.from([0xe9]), 'latin1'],
  ['text/plain;charset=us-ascii', 'help', 'ascii'],
  ['text/plain;charset=UTF-16BE', Buffer.from('6551', 'hex'), 'ucs2'],
  ['text/plain;charset=utf-7', '+ZVE-', 'binary'],
  ['text/plain', Buffer.from('e69591e591', 'hex'), 'utf8'],
  ['text/plain', Buffer.from('e69591e5', 'hex'), 'utf8'],
  ['text/plain', Buffer.from('61f09f98', 'hex'), 'utf8'],
  ['text/plain', Buffer.from([0x61, 0xff, 0xfe, 0x62]), 'latin1'],
  ['text/plain', Buffer.from([0xff]), 'latin1'],
])('%s with %j is read as %s', (contentType, body, coding) => {
  const octets = Buffer.from(body as string);
  expect(text({ contentType, octets })).toMatchObject({ coding, octets });
});

test('a body that Asterisk did not hand on is no empty text', () => {
  expect(text({ octets: Buffer.alloc(0), contentLength: 1024 }).coding).toBe('binary');
  expect(text({ octets: Buffer.alloc(0), contentLength: 0 }).coding).toBe('utf8');
  expect(text({ octets: Buffer.alloc(0), contentLength: null }).coding).toBe('utf8');
  expect(text({ contentLength: 6 }).coding).toBe('utf8');
});

test('a text is called by its Call-ID and what it says, in at most 128 characters', () => {
  const names = [
    text(),
    text({ octets: Buffer.from('other') }),
    text({ callId: 'a2' }),
    text({ callId: 'x'.repeat(200) }),
    text({ callId: `${'x'.repeat(199)}y` }),
    text({ callId: '' }),
    text({ callId: '救' }),
  ].map(({ carrierId }) => carrierId ?? '');
  expect(new Set(names).size).toBe(names.length);
  expect(names.every((name) => /^[\x20-\x7e]{18,128}$/.test(name))).toBe(true);
  expect(names[0]).toMatch(/^a1@192\.0\.2\.1 [0-9a-f]{16}$/);
  expect(text({ from: '<sip:1@h>', contentType: 'text/plain;x=y' }).carrierId).toBe(names[0]);
});

test('a record is whole only with its last word, and never throws', () => {
  const whole = record();
  expect(messageInRecord(whole)).not.toBeNull();
  fc.assert(fc.property(fc.integer({ min: 0, max: whole.length - 1 }), (length) => messageInRecord(whole.slice(0, length)) === null));
  fc.assert(fc.property(fc.jsonValue(), (value) => messageInRecord(JSON.stringify(value)) === null));
});

test.each(['from', 'to', 'asserted', 'callId', 'contentType', 'contentLength', 'body', 'receivedAt', 'whole'])(
  'a record whose %s is missing or none is not whole',
  (name) => {
    const fields = JSON.parse(record()) as Record<string, unknown>;
    for (const wrong of [undefined, null, 7.5, '*', 'YQ', -1, {}, []]) {
      expect(messageInRecord(JSON.stringify({ ...fields, [name]: wrong }))).toBeNull();
    }
  },
);

test('an event that is none of a text is no text, and a malformed one never throws', () => {
  expect(messageInEvent({ ...(event() as object), type: 'StasisStart' })).toBeNull();
  expect(messageInEvent({ type: 'TextMessageReceived' })).toBeNull();
  expect(messageInEvent(null)).toBeNull();
  const odd = messageInEvent({ type: 'TextMessageReceived', message: { from: 5, body: null, variables: { To: [] } } });
  expect(odd && textIn(odd, 'sip')).toMatchObject({ from: '', to: '', coding: 'utf8', part: null });
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (about, variables) => {
      const heard = messageInEvent({ type: 'TextMessageReceived', message: { ...(about as object), variables } });
      return heard === null || textIn(heard, 'sip').gateway === 'sip';
    }),
  );
});

test('the pieces of a text are the text, none too long, none split within a sign', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '救', '😀', 'é'), maxLength: 3000 }), (words) => {
      const pieces = piecesOf(words);
      expect(pieces.join('')).toBe(words);
      return pieces.every((piece) => Buffer.byteLength(piece) <= 900 && piece.isWellFormed());
    }),
  );
  expect(piecesOf('')).toEqual(['']);
  expect(piecesOf('a'.repeat(900))).toHaveLength(1);
  expect(piecesOf('a'.repeat(901))).toHaveLength(2);
});
