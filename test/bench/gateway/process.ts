// The gateway from source. Recording is switched in one process: two processes differ by more than its cost.
// Usage: process.ts UPSTREAM FOLDER   Prints JSON with url and key; reads `recording` or `silent` from stdin.
import path from 'node:path';
import { Recorder } from '../../../src/gateway/record/recorder.ts';
import { UsageObservation } from '../../../src/gateway/relay/usageObservation.ts';
import { startGateway } from '../../../src/gateway/startGateway.ts';
import { createDispatcher } from '../../../src/hub/dispatcher.ts';
import { openLedger } from '../../../src/ledger/openLedger.ts';

const [upstream = '', folder = ''] = process.argv.slice(2);
let isRecording = true;
process.stdin.on('data', text => {
  isRecording = String(text).includes('recording');
});
const { ended } = Recorder.prototype;
Recorder.prototype.ended = function (this: Recorder, request) {
  if (isRecording) ended.call(this, request);
};
const { see } = UsageObservation.prototype;
UsageObservation.prototype.see = function (this: UsageObservation, chunk) {
  if (isRecording) see.call(this, chunk);
};
const ledger = openLedger({ directory: path.join(folder, 'state-of-source'), now: Date.now });
const dispatcher = createDispatcher({});
const key = 'hf_headroom_benchbenchbenchbenchbenchbench';
const gateway = await startGateway({
  port: 0,
  key,
  config: {
    token: 'hf_bench',
    keys: {},
    servers: { hubUrl: upstream, routerUrl: upstream, endpointsUrl: upstream },
    providerUrls: {},
    profile: { kind: 'organization', name: 'acme' },
    failover: [],
    sessionId: '0f0e0d0c-0b0a-4908-8706-050403020100',
    longestWaitMs: 60_000,
    pacing: 'pace',
  },
  dispatcher,
  ledger,
  models: { find: async () => undefined, providersOf: async () => [] },
  prices: {
    prepare: () => undefined,
    costNanoUsd: (_provider, _model, { promptTokens = 0 }) => promptTokens * 50,
    mostNanoUsd: () => undefined,
  },
  now: Date.now,
  random: Math.random,
  onEvent: () => {},
  log: line => console.error(line),
});
console.log(JSON.stringify({ url: gateway.url, key }));
