import { describe } from 'vitest';
import { gatewayContract } from '../contract/gateway.contract.ts';
import { simulatedPeer } from '../simulators/gateway.ts';

describe('the simulated gateway', () => {
  gatewayContract(simulatedPeer, { namesTexts: true, namesOurs: true, reports: true, keepsLine: true, password: false });
});
