import { describe, expect, it } from 'vitest';
import { guardedLookup, isAllowed, isLiteralRefused, type Resolve } from '../../src/dispatch/target.ts';

const PRIVATE = [
  '127.0.0.1',
  '127.8.8.8',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '169.254.1.1',
  '198.18.0.1',
  '::1',
  'fd00::1',
  'fe80::1',
  'fe80::1%eth0',
  '::ffff:10.0.0.1',
  '::ffff:7f00:1',
  '0:0:0:0:0:ffff:192.168.0.1',
  '64:ff9b::10.0.0.1',
  '2002:7f00:1::',
  '2001:db8::1',
];
const NEVER = [
  '0.0.0.0',
  '0.1.2.3',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  'ff02::1',
  '169.254.169.254',
  '100.100.100.200',
  'fd00:ec2::254',
  '::ffff:169.254.169.254',
  '::ffff:0:0',
  'nonsense',
  '',
];
const PUBLIC = ['8.8.8.8', '172.32.0.1', '100.128.0.1', '2400:3200::1', '::ffff:8.8.8.8'];

describe('an address', () => {
  it.each(PRIVATE)('that is private is only for sinks said to be so: %s', (address) => {
    expect([isAllowed(address, false), isAllowed(address, true)]).toEqual([false, true]);
  });
  it.each(NEVER)('where no sink can be, or a cloud keeps its keys, is for nobody: %s', (address) => {
    expect([isAllowed(address, false), isAllowed(address, true)]).toEqual([false, false]);
  });
  it.each(PUBLIC)('that is public is for everybody: %s', (address) => {
    expect([isAllowed(address, false), isAllowed(address, true)]).toEqual([true, true]);
  });
});

describe('an address written in the URL', () => {
  it.each(['http://127.0.0.1/', 'http://2130706433/', 'http://0x7f.1/', 'http://[::1]/', 'http://[::ffff:127.0.0.1]/', 'http://0/'])(
    'is judged however it is written: %s',
    (url) => {
      expect(isLiteralRefused(new URL(url), false)).toBe(true);
    },
  );
  it('is left to the lookup when it is a name', () => {
    expect(isLiteralRefused(new URL('https://sink.example/'), false)).toBe(false);
  });
});

const resolving =
  (...addresses: string[]): Resolve =>
  (_host, answer) =>
    answer(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
const ask = (resolve: Resolve, allowPrivate: boolean, options: object): Promise<unknown> =>
  new Promise((settle) => {
    guardedLookup(allowPrivate, resolve)('sink.example', options, (error, address) => settle(error === null ? address : error.message));
  });

describe('a name', () => {
  it('answers the judged addresses, one or all, of the family asked for', async () => {
    const resolve = resolving('8.8.8.8', '2400:3200::1');
    expect(await ask(resolve, false, {})).toBe('8.8.8.8');
    expect(await ask(resolve, false, { family: 6 })).toBe('2400:3200::1');
    expect(await ask(resolve, false, { all: true })).toHaveLength(2);
  });
  it('is refused whole when one of its addresses is private', async () => {
    for (const options of [{}, { all: true }, { family: 4 }]) {
      expect(await ask(resolving('8.8.8.8', '::1'), false, options)).toContain('not allowed');
    }
    expect(await ask(resolving('10.0.0.1'), true, {})).toBe('10.0.0.1');
  });
  it('without an address, or that cannot be resolved, is an error', async () => {
    expect(await ask(resolving(), false, {})).toContain('no address');
    expect(await ask((_host, answer) => answer(new Error('no such name'), []), false, {})).toBe('no such name');
  });
});
