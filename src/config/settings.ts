/**
 * The settings as the rest of the house sees them: checked, complete, lengths of time in milliseconds, paths absolute.
 */
import type { Rules } from '../call/rules.ts';
import type { DeskRules } from '../desk/call-taker.ts';
import type { PlaceForms } from '../reading/place.ts';
import type { TextNumbers } from '../sms/rules.ts';
import type { WhichRule } from '../sms/which-rules.ts';
import type { CentreWay, GatewaySettings } from './gateway-settings.ts';
import type { CallTakerSettings, SinkSettings, TokenSettings } from './lists.ts';
import type { LOG_LEVELS } from './table.ts';
import type { VolunteerSettings } from './volunteers.ts';

export interface Settings {
  /** Name of this controller; its Stasis application is `intake-<instance>`. */
  readonly instance: string;
  readonly centre: { readonly code: string; readonly name: string; readonly timeZone: string; readonly agency: string };
  readonly http: { readonly host: string; readonly port: number };
  readonly sip: {
    readonly host: string;
    readonly port: number;
    readonly rtp: { readonly from: number; readonly to: number };
    /** IP addresses, with or without `/bits`. */
    readonly trunkAddresses: readonly string[];
    readonly emergencyNumbers: readonly string[];
    /** `host` or `host:port` that takes calls to the public network; `null`: there is none. */
    readonly trunkContact: string | null;
    /** Called number → language of the call (BCP 47 primary tag). */
    readonly languagesByNumber: Readonly<Record<string, string>>;
    /** Trunk address → language of the calls that come from there; a called number's language goes before it. */
    readonly languagesByTrunk: Readonly<Record<string, string>>;
  };
  readonly ari: { readonly url: string; readonly user: string; readonly password: string };
  readonly ami: { readonly host: string; readonly port: number; readonly user: string; readonly password: string } | null;
  readonly redis: { readonly url: string; readonly password: string | null };
  /** Absolute paths. */
  readonly folders: {
    readonly state: string;
    readonly recordings: string;
    readonly fallbackSpool: string;
    readonly textSpool: string;
    readonly words: string;
    readonly gatewaysFile: string;
    readonly prompts: string;
    /** One file per endpoint with its SIP password. */
    readonly phoneSecrets: string;
    readonly callTakersFile: string;
    readonly volunteersFile: string;
    readonly tokensFile: string;
  };
  /** The first is the default. */
  readonly languages: readonly [string, ...string[]];
  readonly rules: Rules;
  readonly desk: DeskRules;
  /** No wait is told before this many conversations were measured. */
  readonly waitSamples: number;
  readonly sinks: readonly SinkSettings[];
  readonly callTakers: readonly CallTakerSettings[];
  readonly volunteers: VolunteerSettings;
  readonly texts: TextSettings;
  readonly tokens: readonly TokenSettings[];
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

export interface TextSettings {
  readonly numbers: TextNumbers;
  /** By which a text finds its thread. */
  readonly which: readonly WhichRule[];
  /** What codes look like here. */
  readonly place: PlaceForms;
  readonly gateways: readonly GatewaySettings[];
  /** The ways to other centres. */
  readonly ways: readonly CentreWay[];
}
