/** Volunteers for the tests of the roster, as small as their type allows. */
import { volunteerId } from '../../src/kernel/ids.ts';
import { instant, type Instant } from '../../src/kernel/instants.ts';
import type { Volunteer } from '../../src/interpreters/volunteer.ts';

export const HARBIN = 'Asia/Shanghai';

/** A moment by the wall clock of Harbin, e.g. `2026-03-02 09:00`, which is a Monday. */
export const harbin = (text: string): Instant => instant(Date.parse(`${text.replace(' ', 'T')}:00+08:00`));

export const volunteer = (name: string, more: Partial<Volunteer> = {}): Volunteer => ({
  id: volunteerId(name),
  revision: 1,
  name: `志愿者 ${name}`,
  languages: [{ language: 'ru', level: 'fluent' }],
  speaks: 'zh',
  addresses: [`sip:volunteer-${name}`],
  duty: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, fromMinute: 0, toMinute: 1440 })),
  exceptions: [],
  isReserve: false,
  isAvailable: true,
  lastAskedAt: null,
  lastServedAt: null,
  state: { is: 'free' },
  ...more,
});
