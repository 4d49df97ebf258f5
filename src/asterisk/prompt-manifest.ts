/**
 * The manifest of everything that can be said: words, source, licence and placeholder or not, per language and clip.
 * Reads text that was handed in; never looks for files and never decides which clips are needed.
 */
import { Type, type Static } from 'typebox';
import { Errors } from 'typebox/value';
import { parseDocument } from 'yaml';
import { Fault } from '../kernel/faults.ts';

const text = Type.String({ pattern: '\\S' });

const ClipEntry = Type.Object(
  {
    /** What is said. */
    words: text,
    /** What the placeholder voice is given where it would misread the words. */
    reading: Type.Optional(text),
    source: text,
    licence: text,
    /** A machine speaks until a person has recorded it. */
    placeholder: Type.Boolean(),
  },
  { additionalProperties: false },
);

const Manifest = Type.Object(
  {
    languages: Type.Record(
      Type.String({ pattern: '^[a-z]{2,3}$' }),
      Type.Object(
        {
          /** What speaks the placeholders; espeak-ng where nothing is said. */
          program: Type.Optional(Type.Union([Type.Literal('espeak-ng'), Type.Literal('open-jtalk')])),
          /** The placeholder voice's name in that program. */
          voice: text,
          clips: Type.Record(Type.String({ pattern: '^[a-z0-9]+(?:[-/][a-z0-9]+)*$' }), ClipEntry, { additionalProperties: false }),
        },
        { additionalProperties: false },
      ),
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);

/** A program that speaks placeholders. */
export type VoiceProgram = NonNullable<Static<typeof Manifest>['languages'][string]['program']>;
export type ClipEntry = Static<typeof ClipEntry>;
export type PromptManifest = Static<typeof Manifest>;

/** `/languages/zh/clips/number~110` as a person would write it: `languages, zh, clips, number/10`. */
const place = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join(', ') || 'the manifest';

/** The manifest in a YAML text. Throws one Fault 'invalid' whose details are all complaints. */
export const parsePromptManifest = (yaml: string): PromptManifest => {
  const document = parseDocument(yaml);
  if (document.errors.length > 0) {
    throw new Fault(
      'invalid',
      'the prompt manifest is not YAML',
      document.errors.map((error) => error.message),
    );
  }
  const value: unknown = document.toJS();
  const errors = Errors(Manifest, value);
  if (errors.length > 0) {
    // An unknown field is told twice: at the field ("boolean") and at what holds it; once is enough.
    const complaints = errors
      .filter((error) => error.keyword !== 'additionalProperties')
      .map((error) => `${place(error.instancePath)}: ${error.keyword === 'boolean' ? 'is not a known name' : error.message}`);
    throw new Fault('invalid', 'the prompt manifest is not right', complaints);
  }
  return value as PromptManifest;
};
