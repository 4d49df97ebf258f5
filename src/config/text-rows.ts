/**
 * The settings of texts that are one value each: rows of the table in table.ts. Never reads anything.
 */
import { Type } from 'typebox';
import { listOf, oneOf, seconds, type Setting } from './forms.ts';
import { isPattern } from './shapes.ts';

export const TEXT_ROWS = [
  {
    env: 'INTAKE_TEXT_QUESTIONS',
    yaml: 'texts.questions',
    fallback: 2,
    schema: Type.Integer({ minimum: 0, maximum: 5 }),
    must: 'a whole number, 0 to 5',
    says: 'Questions asked of one reporter about one emergency, that of the receipt included',
  },
  {
    env: 'INTAKE_TEXT_AUTOMATIC',
    yaml: 'texts.automatic',
    fallback: 6,
    schema: Type.Integer({ minimum: 2, maximum: 50 }),
    must: 'a whole number, 2 to 50',
    says: 'Automatic texts to one reporter about one emergency',
  },
  {
    env: 'INTAKE_TEXT_PARTS_WAIT_SECONDS',
    yaml: 'texts.parts_wait_seconds',
    fallback: 8,
    ...seconds(0, 120),
    says: 'How long a receipt waits for the missing parts of a long text: a word of danger may stand in them',
  },
  {
    env: 'INTAKE_TEXT_PARTS_HOURS',
    yaml: 'texts.parts_hours',
    fallback: 24,
    schema: Type.Number({ minimum: 0.1, maximum: 168 }),
    must: '0.1 to 168 hours',
    says: 'How long after its first part a long text may still be completed',
  },
  {
    env: 'INTAKE_TEXT_REPEAT_MINUTES',
    yaml: 'texts.repeat_minutes',
    fallback: 120,
    schema: Type.Number({ minimum: 1, maximum: 10_080 }),
    must: '1 to 10080 minutes',
    says: 'How long the very same text again is a repeat and not another one',
  },
  {
    env: 'INTAKE_POLE_DIGITS',
    yaml: 'texts.pole_digits',
    fallback: ['7', '5'],
    ...listOf(Type.String({ pattern: '^([4-9]|1[0-2])$' }), 'numbers of digits, 4 to 12, in quotes'),
    says: 'How many digits the lamp posts of this centre carry',
  },
  {
    env: 'INTAKE_PLATE_PATTERN',
    yaml: 'texts.plate_pattern',
    fallback: null,
    schema: Type.Refine(Type.String({ minLength: 1, maxLength: 200 }), (pattern) => isPattern(pattern)),
    must: 'a regular expression',
    says: 'What a code on a door plate looks like here; none is looked for unless set',
  },
  {
    env: 'INTAKE_PLAIN_DATUM',
    yaml: 'texts.plain_datum',
    fallback: 'wgs-84',
    ...oneOf('wgs-84', 'gcj-02'),
    says: 'What coordinates are taken for that a reporter writes without a map link',
  },
] as const satisfies readonly Setting[];
