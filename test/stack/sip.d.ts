/** The part of the `sip` package that the scripted phones use. Messages are plain objects; header names are lower case. */
declare module 'sip' {
  export interface Address {
    name?: string | undefined;
    uri: string;
    params: Record<string, string | undefined>;
  }
  export interface Headers {
    to: Address;
    from: Address;
    'call-id': string;
    cseq: { seq: number; method: string };
    contact?: Address[];
    [name: string]: unknown;
  }
  export interface Request {
    method: string;
    uri: string;
    headers: Headers;
    content?: string;
  }
  export interface Response {
    status: number;
    reason: string;
    headers: Headers;
    content?: string;
  }
  export interface Stack {
    send(message: Request, answer?: (response: Response) => void): void;
    send(message: Response): void;
    destroy(): void;
  }
  const sip: {
    create(
      settings: { address: string; port: number; publicAddress: string; tcp: boolean; udp: boolean; logger?: { error(e: Error): void } },
      hear: (request: Request) => void,
    ): Stack;
    makeResponse(
      request: Request,
      status: number,
      reason: string,
      extension?: { headers?: Record<string, unknown>; content?: string },
    ): Response;
    copyMessage<T>(message: T, deep?: boolean): T;
  };
  export default sip;
}
declare module 'sip/digest.js' {
  import type { Request, Response } from 'sip';
  const digest: {
    signRequest(
      context: Record<string, unknown>,
      request: Request,
      response: Response,
      credentials: { user: string; password: string },
    ): Request;
  };
  export default digest;
}
