import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/openLedger.ts';
import { GatewayRig, windowHeaders } from './gatewayRig.ts';
import { ManualClock } from './manualClock.ts';
import { response } from './rawUpstream.ts';
import { filesWith } from './runCli.ts';
import { chat, key } from './testGateway.ts';

/** Interval at which a gateway writes its limits and reads those of others. */
const shareMs = 900;

describe('gateway pacing, two gateways with one ledger:', () => {
  let directory: string;
  let ledgers: Ledger[];
  let one: GatewayRig;
  let two: GatewayRig;

  beforeEach(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'headroom-pacing-'));
    ledgers = [];
    const now = () => one?.clock.now() ?? ManualClock.start;
    const start = () => {
      const ledger = openLedger({ directory, now });
      ledgers.push(ledger);
      return GatewayRig.start({
        ledger: {
          shareLimits: learned => ledger.shareLimits(learned),
          sharedLimits: since => ledger.sharedLimits(since),
          dataVersion: () => ledger.dataVersion(),
        },
      });
    };
    one = await start();
    two = await start();
  });
  afterEach(async () => {
    await Promise.all([one.stop(), two.stop()]);
    for (const ledger of ledgers) ledger.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const pass = (ms: number) => {
    for (const { clock } of [one, two]) clock.advance(ms);
  };

  it('a window reported to one holds requests at the other', async () => {
    one.answer = () => response(200, '{}', windowHeaders(0, 6));
    await one.status('/hub/api/models');
    pass(shareMs);
    two.answer = () => response(200, '{}', windowHeaders(900, 300));
    const held = two.status('/hub/api/models');
    await two.held(1);
    assert.equal(two.lines.length, 0);
    assert.equal(await two.status('/hub/acme'), 200, 'other windows are not full');
    pass(6_500);
    assert.equal(await held, 200);
  });

  it('a refusal at one reaches the other while requests are held or in flight', async () => {
    two.answer = () => response(200);
    await chat(two.gateway);
    one.answer = () => response(429, '{}', { 'retry-after': '30' });
    const first = chat(one.gateway);
    await one.held(1);
    pass(shareMs);
    pass(shareMs);
    const held = chat(two.gateway);
    await two.held(1);
    assert.equal(two.arrived.length, 1);
    one.answer = () => response(200);
    pass(30_000);
    const answers = await Promise.all([first, held]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200],
    );
  });

  it('gateways with different tokens share no limits', async () => {
    one.answer = () => response(200, '{}', windowHeaders(0, 6));
    await one.status('/hub/api/models');
    pass(shareMs);
    two.configure({ token: 'hf_graces' });
    assert.equal(await two.status('/hub/api/models'), 200);
  });

  it('no token or key is stored, also not from texts of servers', async () => {
    const secrets = ['hf_developers', 'gsk_adas_own_key', 'hf_aCallersOwnToken', key];
    const model = 'acme/Model-7B';
    one.answer = () =>
      response(429, JSON.stringify({ error: `Rate limit reached for key ${secrets.join(' ')}` }), {
        ...windowHeaders(0, 299),
        'retry-after': '300',
      });
    one.configure({ longestWaitMs: 0 });
    await chat(one.gateway, { model });
    await one.status('/hub/api/models');
    await chat(one.gateway, { model }, { authorization: 'Bearer hf_aCallersOwnToken' });
    one.configure({
      longestWaitMs: 0,
      profile: { kind: 'provider-key', provider: 'groq' },
      keys: { groq: 'gsk_adas_own_key' },
    });
    await one.status('/router/groq/openai/v1/chat/completions', { method: 'POST' });
    pass(shareMs);
    assert.ok(one.arrived.some(({ head }) => head.includes('gsk_adas_own_key')));
    assert.ok((ledgers[0]?.sharedLimits(0).length ?? 0) >= 4);
    assert.notDeepEqual(filesWith(directory, 'huggingface'), [], 'the limits are on disk');
    for (const secret of secrets) assert.deepEqual(filesWith(directory, secret), [], secret);
  });

  it('requests go on when the ledger fails', async () => {
    const failing = await GatewayRig.start({
      ledger: {
        shareLimits() {
          throw new Error('the disk is gone');
        },
        sharedLimits() {
          throw new Error('the disk is gone');
        },
      },
    });
    try {
      assert.equal(await failing.status('/hub/api/models'), 200);
      failing.clock.advance(shareMs);
      assert.equal(await failing.status('/hub/api/models'), 200);
      assert.match(failing.gateway.lines[0] ?? '', /limits are not shared: the disk is gone/);
    } finally {
      await failing.stop();
    }
  });
});
