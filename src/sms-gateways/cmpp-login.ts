/**
 * Who one is in CMPP: the two MD5 sums by which both sides show in a CMPP_CONNECT that they know the shared secret. Only computes.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { ConnectResp } from './cmpp-pdus.ts';

/** AuthenticatorSource: MD5 of the source address, nine zero octets, the secret and the time (MMDDHHMMSS, ten digits). */
export const authenticatorSource = (sourceAddress: string, secret: string, timestamp: string): Uint8Array =>
  createHash('md5').update(sourceAddress, 'latin1').update(Buffer.alloc(9)).update(secret, 'utf8').update(timestamp, 'latin1').digest();

/** Whether AuthenticatorISMG is the MD5 of the status, our authenticator and the secret: the gateway knows the secret. */
export function isGatewayKnown(answer: ConnectResp, ours: Uint8Array, secret: string): boolean {
  const expected = createHash('md5').update(answer.statusOctets).update(ours).update(secret, 'utf8').digest();
  return answer.authenticator.length === expected.length && timingSafeEqual(answer.authenticator, expected);
}
