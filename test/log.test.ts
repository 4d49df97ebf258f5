/**
 * The log lets no secret and no whole phone number out, whatever it is handed.
 */
import { describe, expect, it } from 'vitest';
import { discreet, openLog, type LogLevel } from '../src/log.ts';

function written(write: (log: ReturnType<typeof openLog>) => void, level: LogLevel = 'debug'): readonly string[] {
  const lines: string[] = [];
  write(openLog({ level, to: { write: (line: string) => lines.push(line) } }));
  return lines;
}

const NUMBER = '13812345678';
const SECRET = 'whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0';

describe('the log', () => {
  it.each([
    ['as a field', { number: NUMBER }],
    ['with a plus', { from: `+86${NUMBER}` }],
    ['read as a number', { number: Number(NUMBER) }],
    ['in a field named like an id', { callerId: NUMBER }],
    ['deep inside', { a: { b: [{ c: `sip:${NUMBER}@trunk` }] } }],
    ['in an error', { err: new Error(`no route to ${NUMBER}`) }],
    ['in the cause of an error', { err: new Error('failed', { cause: new Error(`no route to ${NUMBER}`) }) }],
    ['too deep to be looked at', { a: { b: { c: { d: { e: { f: { g: NUMBER } } } } } } }],
    ['in the line of an address', { url: `http://x.invalid/?number=${NUMBER}` }],
  ])('never shows a phone number %s', (_where, about) => {
    const [line = ''] = written((log) => log.info(about, `caller ${NUMBER} left`));
    expect(line).not.toContain(NUMBER);
    expect(line).not.toContain(NUMBER.slice(3, 9));
    expect(line).toContain('138******78 left');
  });

  it.each([
    ['a password', { password: 'rosebud-1' }, 'rosebud-1'],
    ['a token in other spelling', { 'x-api-token': 'rosebud-1' }, 'rosebud-1'],
    ['secrets in a list', { sink: { secrets: ['rosebud-1', 'rosebud-2'] } }, 'rosebud'],
    ['a header', { headers: { authorization: 'Bearer rosebud-1' } }, 'rosebud-1'],
    ['a bearer token in a text', { why: 'answered 401 to Bearer rosebud-1' }, 'rosebud-1'],
    ['a password in an address', { redis: 'redis://me:rosebud-1@10.0.0.1:6379' }, 'rosebud-1'],
    ['a key in a query', { url: 'http://x.invalid/events?api_key=rosebud-1&app=x' }, 'rosebud-1'],
    ['a signing secret in an error', { err: new Error(`bad key ${SECRET}`) }, SECRET],
  ])('never shows %s', (_what, about, secret) => {
    const [line = ''] = written((log) => log.error(about, 'it happened'));
    expect(line).not.toContain(secret);
    expect(line).toContain('it happened');
  });

  it('keeps ids and instants whole, so that a night can be told again', () => {
    const [line = ''] = written((log) =>
      log.info({ call: 'intake-1763750000.12', arrivedAt: 1_763_750_000_250, incident: '01JD0000000000000000000000' }, 'arrived'),
    );
    expect(JSON.parse(line)).toMatchObject({
      call: 'intake-1763750000.12',
      arrivedAt: 1_763_750_000_250,
      incident: '01JD0000000000000000000000',
    });
  });

  it('begins each line with the call, where there is one', () => {
    const [first = '', second = ''] = written((log) => {
      log.info({ attempt: 2, call: 'c-"7".1' }, 'offered');
      log.info({ sink: 'dispatch' }, 'delivered');
    });
    expect(Object.keys(JSON.parse(first) as object)).toEqual(['call', 'level', 'time', 'attempt', 'words']);
    expect(Object.keys(JSON.parse(second) as object)).toEqual(['level', 'time', 'sink', 'words']);
  });

  it('writes nothing below its level', () => {
    const all = (log: ReturnType<typeof openLog>): void => {
      log.debug({}, 'a');
      log.info({}, 'b');
      log.warn({}, 'c');
      log.error({}, 'd');
    };
    expect(written(all, 'warn').map((line) => (JSON.parse(line) as { words: string }).words)).toEqual(['c', 'd']);
    expect(written(all, 'silent')).toEqual([]);
  });

  it('survives what goes round in circles, and an error handed in bare', () => {
    const circle: Record<string, unknown> = {};
    circle['me'] = circle;
    const [line = '', bare = ''] = written((log) => {
      log.info(circle, 'x');
      log.error(new Error(`lost ${NUMBER}`), 'y');
    });
    expect(line).toContain('[deeper]');
    expect(bare).toContain('lost 138******78');
    expect(bare).not.toContain(NUMBER);
  });

  it('stars numbers in free text', () => {
    expect(discreet('from 04511234567 to 110')).toBe('from 045******67 to 110');
  });
});
