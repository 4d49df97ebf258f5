/** The SMPP gateway as every gateway has to be, with a message centre behind it. */
import { describe } from 'vitest';
import { gatewayContract } from '../contract/gateway.contract.ts';
import { openSmppPeer } from './smpp.peer.ts';

describe('a gateway of texts over SMPP', () => {
  gatewayContract(openSmppPeer, { namesTexts: false, namesOurs: true, reports: true, keepsLine: true, password: true });
});
