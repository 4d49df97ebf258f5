/**
 * The settings of the gateways that texts come in and go out by, as the doors want them. Shapes only.
 */

/** All lengths of time in milliseconds. */
export interface Reconnecting {
  readonly answerWithinMs: number;
  readonly reconnectFirstMs: number;
  readonly reconnectMostMs: number;
  readonly refusedRetryMs: number;
}

export interface SmppGateway extends Reconnecting {
  readonly kind: 'smpp';
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly systemId: string;
  readonly password: string;
  readonly systemType: string;
  readonly tls: boolean;
  /** PEM; `null`: the system's authorities. */
  readonly ca: string | null;
  readonly window: number;
  readonly enquireLinkMs: number;
  readonly defaultAlphabet: 'gsm7' | 'latin1' | 'ascii';
  readonly hexIds: 'nowhere' | 'answers' | 'reports';
}

export interface CmppGateway extends Reconnecting {
  readonly kind: 'cmpp';
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly version: '2.0' | '3.0';
  readonly sourceAddress: string;
  readonly secret: string;
  readonly serviceId: string;
  readonly window: number;
  readonly activeTestMs: number;
}

/** Where texts go out by over HTTP. */
export interface HttpWayOut {
  readonly form: 'json' | 'kannel';
  readonly url: string;
  readonly secrets: readonly string[];
  readonly token: string | null;
  readonly user: string | null;
  readonly password: string | null;
  readonly reportUrl: string | null;
  readonly answerWithinMs: number;
}

export interface HttpGateway {
  readonly kind: 'http';
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly tokenSha256: string | null;
  readonly secrets: readonly string[];
  readonly drainMs: number;
  readonly out: HttpWayOut | null;
}

export interface SipGateway {
  readonly kind: 'sip';
  readonly name: string;
}

export type GatewaySettings = SmppGateway | CmppGateway | HttpGateway | SipGateway;

/** The way to another centre's own gateway over HTTP. */
export interface CentreWay {
  /** Administrative division, six digits. */
  readonly code: string;
  readonly url: string;
  readonly secrets: readonly string[];
  readonly answerWithinMs: number;
}
