// The gateway from source, with or without what it records of each request.
// Usage: process.ts UPSTREAM FOLDER recording|silent   Prints a line of JSON with url and key.
import path from 'node:path';
import { Observation } from '../../../src/gateway/observation.ts';
import { Recorder } from '../../../src/gateway/recorder.ts';
import { startGateway } from '../../../src/gateway/startGateway.ts';
import { createDispatcher } from '../../../src/hub/dispatcher.ts';
import { openLedger } from '../../../src/ledger/openLedger.ts';

const [upstream = '', folder = '', mode] = process.argv.slice(2);
if (mode === 'silent') {
  Recorder.prototype.ended = () => {};
  Observation.prototype.see = () => {};
}
const ledger = openLedger({ directory: path.join(folder, `state-${mode}`), now: Date.now });
const dispatcher = createDispatcher({});
const key = 'hf_headroom_benchbenchbenchbenchbenchbench';
const gateway = await startGateway({
  port: 0,
  key,
  config: {
    token: 'hf_benchbenchbenchbenchbenchbench',
    keys: {},
    servers: { hubUrl: upstream, routerUrl: upstream, endpointsUrl: upstream },
    providerUrls: {},
    profile: { kind: 'organization', name: 'acme' },
    failover: [],
    sessionId: '0f0e0d0c-0b0a-4908-8706-050403020100',
    longestWaitMs: 60_000,
  },
  dispatcher,
  ledger,
  models: { find: async () => undefined, providersOf: async () => [] },
  prices: { costNanoUsd: (_provider, _model, { promptTokens = 0 }) => promptTokens * 50 },
  now: Date.now,
  random: Math.random,
  onEvent: () => {},
  log: line => console.error(line),
});
console.log(JSON.stringify({ url: gateway.url, key }));
