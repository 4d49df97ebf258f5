/** The CMPP door against the contract of gateways, in both versions, with the gateway made from the specification's tables. */
import { describe } from 'vitest';
import { gatewayContract } from '../contract/gateway.contract.ts';
import { cmppPeer } from './cmpp.peer.ts';

const traits = { namesTexts: true, namesOurs: true, reports: true, keepsLine: true, password: true };

describe.each(['2.0', '3.0'] as const)('CMPP %s', (version) => {
  gatewayContract(cmppPeer(version), traits);
});
