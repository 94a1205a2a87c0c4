import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PayerStore } from '../../../src/billing/payerStore.ts';
import { formatProfile, personalProfile } from '../../../src/billing/profile.ts';
import { follower } from '../../../src/cli/ownGateway.ts';
import type { GatewayConfig } from '../../../src/gateway/options.ts';
import { huggingFaceServers } from '../../../src/hub/servers.ts';
import { openLedger } from '../../../src/ledger/openLedger.ts';

describe('follower of a gateway in a terminal:', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'headroom-follower-'));
  const ledger = openLedger({ directory, now: Date.now });
  const other = openLedger({ directory, now: Date.now });
  after(() => {
    ledger.close();
    other.close();
    rmSync(directory, { recursive: true });
  });

  const payers = new PayerStore(ledger);
  const config = (): GatewayConfig => ({
    profile: payers.payer.chosen,
    servers: huggingFaceServers,
    providerUrls: {},
    keys: {},
    failover: [],
    pacing: 'pace',
    longestWaitMs: 0,
    sessionId: '',
  });
  const configured: string[] = [];
  const gateway = {
    balance() {},
    configure: ({ profile }: GatewayConfig) => void configured.push(formatProfile(profile)),
  };

  it('applies a payer that was chosen while the gateway started, and later ones, once each', () => {
    const started = config();
    new PayerStore(other).choose({ kind: 'organization', name: 'acme' });
    const follow = follower(gateway, started, config, ledger);
    follow();
    follow();
    assert.deepEqual(configured, ['org:acme']);
    new PayerStore(other).choose(personalProfile);
    follow();
    follow();
    assert.deepEqual(configured, ['org:acme', 'personal']);
  });
});
