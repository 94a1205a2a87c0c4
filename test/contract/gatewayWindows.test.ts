import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { openLedger } from '../../src/ledger/openLedger.ts';
import { GatewayRig, reply } from './gatewayRig.ts';
import { type RawRequest, response } from './rawUpstream.ts';
import { chat } from './testGateway.ts';

/** Interval at which a gateway writes its limits and reads those of others. */
const shareMs = 900;

const groq = { 'x-inference-provider': 'groq' };
const together = { 'x-inference-provider': 'together' };
const modelOf = ({ body }: RawRequest) => JSON.parse(body.toString()).model as string;

/** A full window. Without `w` no policy tells its length. */
function full(bucket: string, t: number | string, w?: number): Record<string, string> {
  return {
    ratelimit: `"${bucket}";r=0;t=${t}`,
    ...(w !== undefined && { 'ratelimit-policy': `"fixed window";"${bucket}";q=100;w=${w}` }),
  };
}

/** Statuses of requests that count against nothing that the answer for `acme/Told` may be about. */
async function others(rig: GatewayRig): Promise<Record<string, number>> {
  const own = { authorization: 'Bearer hf_another' };
  rig.configure({ longestWaitMs: 0, profile: { kind: 'organization', name: 'acme' } });
  const organization = await chat(rig.gateway, { model: 'acme/Told' });
  rig.configure({ longestWaitMs: 0 });
  return {
    organization: organization.status,
    model: (await chat(rig.gateway, { model: 'acme/Other' })).status,
    pinned: (await chat(rig.gateway, { model: 'acme/Told:together' })).status,
    ownToken: (await chat(rig.gateway, { model: 'acme/Told' }, own)).status,
    path: await rig.status('/router/together/v1/chat/completions', { method: 'POST', body: '{}' }),
    list: await rig.status('/v1/models'),
    hub: await rig.status('/hub/api/models'),
    file: await rig.status('/hub/acme/m/resolve/main/config.json'),
  };
}

const allPass = {
  organization: 200,
  model: 200,
  pinned: 200,
  ownToken: 200,
  path: 200,
  list: 200,
  hub: 200,
  file: 200,
};

describe('gateway windows, an answer of the router', () => {
  let rig: GatewayRig;
  beforeEach(async () => {
    rig = await GatewayRig.start({ config: { longestWaitMs: 0 } });
  });
  afterEach(() => rig.stop());

  /** The answer for `acme/Told`; all others are let in. */
  const told = async (status: number, headers: Record<string, string>, body = '{}') => {
    rig.answers.push(reply(status, body, headers));
    assert.equal((await chat(rig.gateway, { model: 'acme/Told' })).status, status);
  };

  for (const [what, headers] of [
    ['the router’s window until the year 33715', full('router', 999_999_999_999)],
    ['a window without a policy', full('router', 50)],
    ['a partner’s window without a policy', { ...full('default', 50), ...groq }],
    ['the Hub’s window without a policy', full('api', 50)],
    ['a window of no name', { ratelimit: '"";r=0;t=50' }],
    ['a policy without a length', { ...full('x', 50), 'ratelimit-policy': '"x";q=100' }],
    ['a policy of another bucket', { ...full('x', 50), 'ratelimit-policy': '"y";q=100;w=60' }],
    ['a policy longer than a month', full('x', 50, 99_999_999)],
    [
      'a window of a provider whose name is a text',
      { ...full('x', 50, 60), 'x-inference-provider': '<b> !' },
    ],
  ] as const) {
    it(`with ${what}, and no refusal, holds nothing`, async () => {
      await told(200, headers);
      assert.equal((await chat(rig.gateway, { model: 'acme/Told' })).status, 200);
      assert.deepEqual(await others(rig), allPass);
    });
  }

  for (const [what, status, headers] of [
    ['a partner’s full window', 200, { ...full('default', 50, 60), ...groq }],
    ['the Hub’s full window', 200, full('api', 50, 300)],
    ['a refusal', 429, { 'retry-after': '50', ...groq }],
    ['a refusal with a window', 429, { ...full('router', 50), ...groq }],
    ['a refusal with the Hub’s window', 429, full('api', 50, 300)],
    ['a refusal until the year 33715', 429, full('router', 999_999_999_999)],
    ['a refusal for weeks', 429, { 'retry-after': '2000000' }],
    ['a partner’s refusal for money', 402, groq],
  ] as const) {
    it(`with ${what} holds that model and payer at most`, async () => {
      await told(status, headers);
      assert.deepEqual(await others(rig), allPass);
    });
  }

  it('is named after the partner that told it, not Hugging Face', async () => {
    await told(200, { ...full('default', 50, 60), ...groq });
    const late = await chat(rig.gateway, { model: 'acme/Told' });
    const text = await late.text();
    assert.equal(late.status, 429);
    assert.match(text, /Groq's rate limit for acme\/Told is used up/);
    assert.doesNotMatch(text, /Hugging Face/);
    rig.clock.advance(200);
    assert.equal(rig.gateway.refusals.at(-1)?.by, 'groq');
    rig.configure({ longestWaitMs: 60_000 });
    const held = chat(rig.gateway, { model: 'acme/Told' });
    await rig.held(1);
    const [entry] = rig.gateway.held.at(-1) ?? [];
    assert.deepEqual([entry?.by, entry?.model, entry?.heldBy], ['groq', 'acme/Told', 'window']);
    rig.gateway.release(entry?.limit);
    assert.equal((await held).status, 200);
  });

  it('is undone by the next one: a success, or a window with more left', async () => {
    for (const opening of [together, { ratelimit: '"default";r=5;t=49', ...groq }]) {
      await told(200, { ...full('default', 50, 60), ...groq });
      rig.configure({ longestWaitMs: 60_000 });
      rig.clock.advance(10);
      const released = chat(rig.gateway, { model: 'acme/Told' });
      await rig.held(1);
      rig.answers.push(reply(200, '{}', opening));
      rig.gateway.release();
      assert.equal((await released).status, 200);
      rig.configure({ longestWaitMs: 0 });
      assert.equal((await chat(rig.gateway, { model: 'acme/Told' })).status, 200);
      rig.clock.advance(10);
    }
  });

  it('that refuses for weeks is tried again after an hour, by one request', async () => {
    await told(429, { 'retry-after': '2000000', ...groq });
    assert.equal((await chat(rig.gateway, { model: 'acme/Told' })).status, 429);
    assert.equal(rig.arrived.length, 1);
    rig.clock.advance(3_600_000);
    assert.equal((await chat(rig.gateway, { model: 'acme/Told' })).status, 200);
    assert.equal((await chat(rig.gateway, { model: 'acme/Told' })).status, 200);
  });

  it('closes nothing else, whatever its status and headers', async () => {
    const seconds = fc.oneof(
      fc.nat(400).map(String),
      fc.constantFrom('0', '999999999999', '9999999999999', '1e9', '-1', 'x', '86400', '2764800'),
    );
    const bucket = fc.constantFrom('router', 'api', 'default', 'resolvers', 'shared', 'fixed window', '');
    const policy = fc.option(
      fc.tuple(bucket, seconds, seconds).map(([b, q, w]) => `"${b}";q=${q};w=${w}`),
      {
        nil: undefined,
      },
    );
    const answer = fc.record({
      status: fc.constantFrom(200, 200, 429, 402, 503, 500, 403, 404),
      headers: fc.record(
        {
          ratelimit: fc.tuple(bucket, seconds, seconds).map(([b, r, t]) => `"${b}";r=${r};t=${t}`),
          'ratelimit-policy': policy.map(text => text ?? 'x'),
          'retry-after': seconds,
          'x-inference-provider': fc.constantFrom('groq', 'huggingface', 'together', 'a b', 'x'.repeat(500)),
          'x-ratelimit-remaining-tokens': fc.constant('0'),
          'x-ratelimit-reset-tokens': seconds,
        },
        { requiredKeys: [] },
      ),
      body: fc.constantFrom('{}', '{"error":"Rate limit reached for tokens per minute"}'),
    });
    await fc.assert(
      fc.asyncProperty(answer, async ({ status, headers, body }) => {
        rig.answers.push(reply(status, body, headers));
        await (await chat(rig.gateway, { model: 'acme/Told' })).arrayBuffer();
        rig.answers.length = 0;
        assert.deepEqual(await others(rig), allPass);
        // nothing sticks: a request goes an hour later
        rig.clock.advance(3_601_000);
        const before = rig.arrived.length;
        await (await chat(rig.gateway, { model: 'acme/Told' })).arrayBuffer();
        assert.equal(rig.arrived.length, before + 1);
        rig.clock.advance(5_000);
      }),
      { numRuns: 60 },
    );
  });
});

describe('gateway windows, an answer of the Hub', () => {
  let rig: GatewayRig;
  beforeEach(async () => {
    rig = await GatewayRig.start({ config: { longestWaitMs: 0 } });
  });
  afterEach(() => rig.stop());

  it('holds the Hub’s bucket, and neither another one nor the router', async () => {
    rig.answers.push(reply(200, '{}', full('api', 50, 300)));
    assert.equal(await rig.status('/hub/api/models'), 200);
    const late = await rig.fetch('/hub/api/models');
    assert.equal(late.status, 429);
    assert.match(await late.text(), /Hugging Face's window for api requests is full/);
    assert.equal(await rig.status('/hub/acme/m/resolve/main/x'), 200);
    assert.equal((await chat(rig.gateway)).status, 200);
  });

  it('with a reset beyond the policy’s window holds for the window at most', async () => {
    rig.answers.push(reply(200, '{}', full('api', 999_999_999_999, 300)));
    assert.equal(await rig.status('/hub/api/models'), 200);
    rig.clock.advance(301_000);
    assert.equal(await rig.status('/hub/api/models'), 200);
    assert.equal(rig.lines.length, 2);
  });
});

describe('gateway windows, 2 gateways with one ledger:', () => {
  let directory: string;
  let one: GatewayRig;
  let two: GatewayRig;
  let close: () => void;

  beforeEach(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'headroom-windows-'));
    const now = () => one?.clock.now() ?? Date.UTC(2026, 10, 10, 12);
    const ledgers = [openLedger({ directory, now }), openLedger({ directory, now })];
    close = () => {
      for (const ledger of ledgers) ledger.close();
    };
    const [first, second] = await Promise.all(
      ledgers.map(ledger =>
        GatewayRig.start({
          config: { longestWaitMs: 0 },
          ledger: {
            shareLimits: learned => ledger.shareLimits(learned),
            sharedLimits: since => ledger.sharedLimits(since),
            dataVersion: () => ledger.dataVersion(),
          },
        }),
      ),
    );
    assert.ok(first && second);
    one = first;
    two = second;
  });
  afterEach(async () => {
    await Promise.all([one.stop(), two.stop()]);
    close();
    rmSync(directory, { recursive: true, force: true });
  });

  const pass = (ms: number) => {
    for (const { clock } of [one, two]) clock.advance(ms);
  };

  it('what one answer tells one gateway closes its model at the other, and nothing else', async () => {
    for (const [status, headers, closes] of [
      [200, full('router', 999_999_999_999), false],
      [200, { ...full('default', 50), ...groq }, false],
      [200, { ...full('default', 50, 60), ...groq }, true],
      [429, { 'retry-after': '50', ...groq }, true],
    ] as const) {
      one.answers.push(reply(status, '{}', headers));
      assert.equal((await chat(one.gateway, { model: 'acme/Told' })).status, status);
      pass(shareMs);
      assert.deepEqual(await others(two), allPass);
      const answer = await chat(two.gateway, { model: 'acme/Told' });
      assert.equal(answer.status, closes ? 429 : 200, JSON.stringify(headers));
      if (closes) assert.match(await answer.text(), /Groq/);
      pass(120_000);
      assert.equal((await chat(one.gateway, { model: 'acme/Told' })).status, 200);
      pass(shareMs);
    }
  });

  it('a success at one opens the model at the other', async () => {
    one.answers.push(reply(429, '{}', { 'retry-after': '50', ...groq }));
    await chat(one.gateway, { model: 'acme/Told' });
    pass(shareMs);
    assert.equal((await chat(two.gateway, { model: 'acme/Told' })).status, 429);
    one.configure({ longestWaitMs: 60_000 });
    const released = chat(one.gateway, { model: 'acme/Told' });
    await one.held(1);
    one.gateway.release();
    assert.equal((await released).status, 200);
    two.clock.advance(one.clock.now() - two.clock.now());
    // both write and read
    pass(shareMs);
    pass(shareMs);
    await two.status('/v1/models');
    pass(shareMs);
    assert.equal((await chat(two.gateway, { model: 'acme/Told' })).status, 200);
    assert.deepEqual(two.arrived.filter(({ head }) => head.startsWith('POST')).map(modelOf), ['acme/Told']);
  });
});

describe('gateway windows, bounds:', () => {
  it('1,125 models and 225 bucket names of one leave 1,000 short rows in the ledger', async () => {
    const rows: string[] = [];
    const rig = await GatewayRig.start({
      ledger: { shareLimits: learned => rows.push(...learned.map(one => JSON.stringify(one))) },
    });
    try {
      let count = 0;
      rig.answer = () => {
        count += 1;
        const bucket = `bucket ${count}`;
        return response(200, '{}', {
          ratelimit: `"${bucket}";r=900;t=50`,
          'ratelimit-policy': `"${bucket}";q=1000;w=60`,
        });
      };
      for (let round = 0; round < 45; round += 1) {
        const models = Array.from({ length: 25 }, (_, at) =>
          chat(rig.gateway, { model: `m ${round} ${at}` }),
        );
        for (const answer of await Promise.all(models)) await answer.arrayBuffer();
        for (let at = 0; at < 5; at += 1) await (await chat(rig.gateway, { model: 'same' })).arrayBuffer();
      }
      rig.clock.advance(shareMs);
      assert.equal(rows.length, 1_000);
      assert.ok(Math.max(...rows.map(({ length }) => length)) < 8_000);
    } finally {
      await rig.stop();
    }
  });
});
