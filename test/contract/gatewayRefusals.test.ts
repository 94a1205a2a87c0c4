import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import type { GatewayConfig } from '../../src/gateway/options.ts';
import {
  chat,
  configTo,
  gatewayTo,
  ManualClock,
  type RawRequest,
  type RawUpstream,
  rawUpstream,
  response,
  type TestGateway,
  withKey,
} from './gatewayRig.ts';

const depleted =
  '{"error":"You have depleted your monthly included credits. Purchase pre-paid credits to continue using Inference Providers."}';
const groq =
  '{"error":{"message":"Rate limit reached for model `m` in organization `org_x` service tier `on_demand` on tokens per minute (TPM): Limit 12000, Used 4437, Requested 9854. Please try again in 11.455s.","type":"tokens","code":"rate_limit_exceeded"}}';
const ok = '{"usage":{"prompt_tokens":12,"completion_tokens":3}}';

describe('a refusal at the gateway', () => {
  let answers: ((request: RawRequest) => string | Buffer)[];
  let upstream: RawUpstream;
  let gateway: TestGateway;
  let clock: ManualClock;

  beforeEach(async () => {
    answers = [];
    upstream = await rawUpstream(request => {
      const next = answers.shift();
      request.socket.write(next ? next(request) : response(200, ok));
    });
    clock = new ManualClock();
  });
  afterEach(async () => {
    await gateway.stop();
    await upstream.close();
  });

  const start = async (config: Partial<GatewayConfig> = {}) => {
    gateway = await gatewayTo(upstream.url, { clock, config });
  };
  const says =
    (status: number, body = '{}', headers: Record<string, string> = {}) =>
    () =>
      response(status, body, headers);

  describe('that passes by itself is waited out', () => {
    // with jitter, so that not all who wait come at once
    const waits: readonly (readonly [string, string, Record<string, string>, number])[] = [
      ['Retry-After in seconds', '{}', { 'retry-after': '31' }, 31_125],
      ['Retry-After in fractions of a second', '{}', { 'retry-after': '7.66' }, 7_785],
      ['Retry-After as a date', '{}', { 'retry-after': 'Tue, 10 Nov 2026 12:00:20 GMT' }, 20_125],
      ['Retry-After as a Go duration', '{}', { 'retry-after': '29.56s' }, 29_685],
      [
        'RateLimit',
        '{"error":"Too many requests"}',
        { ratelimit: '"api";r=0;t=42', 'ratelimit-policy': '"fixed window";"api";q=1000;w=300' },
        42_250,
      ],
      ["Groq's words", groq, {}, 11_580],
      [
        "Cerebras' header in fractions of a second",
        '{"message":"Tokens per minute limit exceeded - too many tokens processed.","code":"token_quota_exceeded"}',
        { 'x-ratelimit-reset-tokens-minute': '33.382867' },
        33_508,
      ],
      ['nothing, hence backoff', '{}', {}, 250],
      ['a Retry-After that is garbage, hence backoff', '{}', { 'retry-after': 'soon' }, 250],
    ];
    for (const [name, body, headers, delayMs] of waits) {
      it(`as it says: ${name}`, async () => {
        await start();
        answers.push(says(429, body, headers));
        const answer = chat(gateway);
        assert.equal(await clock.wait(), delayMs);
        assert.equal(upstream.requests.length, 1);
        clock.advance(delayMs - 1);
        assert.equal(upstream.requests.length, 1);
        clock.advance(1);
        const { status, headers: answered } = await answer;
        assert.equal(status, 200);
        assert.equal(answered.get('x-headroom-cause'), null);
        const [first, second] = upstream.requests;
        assert.deepEqual(second?.body, first?.body);
        assert.equal(second?.head, first?.head);
        assert.deepEqual(gateway.events, [], 'the caller was told nothing');
      });
    }

    it('as long as backoff doubles, within the patience', async () => {
      await start();
      answers.push(says(429), says(429), says(429));
      const answer = chat(gateway);
      for (const delayMs of [250, 500, 1000]) {
        assert.equal(await clock.wait(), delayMs);
        clock.advance(delayMs);
      }
      assert.equal((await answer).status, 200);
    });

    it('also when it is compressed, as a GET, and on the Hub', async () => {
      await start();
      const zipped = gzipSync(groq);
      answers.push(() =>
        Buffer.concat([
          Buffer.from(`HTTP/1.1 429 X\r\ncontent-encoding: gzip\r\ncontent-length: ${zipped.length}\r\n\r\n`),
          zipped,
        ]),
      );
      const chatted = chat(gateway);
      assert.equal(await clock.wait(), 11_580);
      clock.advance(11_580);
      assert.equal((await chatted).status, 200);
      answers.push(says(429, '{}', { 'retry-after': '5' }));
      const listed = fetch(`${gateway.url}/hub/api/models`, { headers: withKey() });
      clock.advance(await clock.wait());
      assert.equal((await listed).status, 200);
    });
  });

  describe('that lasts longer than the caller waits', () => {
    it('is handed on at once, as it came, with its cause and its end', async () => {
      await start();
      answers.push(says(429, groq, { 'retry-after': '61', 'x-request-id': 'r1' }));
      const answer = await chat(gateway);
      assert.equal(answer.status, 429);
      assert.equal(await answer.text(), groq);
      const { headers } = answer;
      assert.equal(headers.get('x-request-id'), 'r1');
      assert.equal(headers.get('retry-after'), '61');
      assert.equal(headers.get('x-headroom-cause'), 'tokens');
      assert.equal(headers.get('x-headroom-resets-at'), '2026-11-10T12:01:01.000Z');
      assert.equal(headers.get('x-headroom-billed-to'), 'personal');
      assert.equal(headers.get('x-should-retry'), 'false');
      assert.equal(upstream.requests.length, 1);
      clock.advance(100);
      const [refusal] = gateway.refusals;
      assert.equal(refusal?.source, 'gateway');
      assert.equal(refusal?.billedTo, 'personal');
      assert.equal(refusal?.model, 'acme/Model-7B');
      assert.deepEqual(gateway.events, [{ kind: 'refusal', refusal }]);
      assert.deepEqual(
        gateway.tallies.map(({ status }) => status),
        [429],
      );
    });

    it('gets a Retry-After when only the window told the end', async () => {
      await start();
      answers.push(says(429, '{}', { ratelimit: '"api";r=0;t=120' }));
      assert.equal((await chat(gateway)).headers.get('retry-after'), '120');
    });

    it('counts what was waited before', async () => {
      await start();
      answers.push(says(429, '{}', { 'retry-after': '40' }), says(429, '{}', { 'retry-after': '21' }));
      const answer = chat(gateway);
      clock.advance(await clock.wait());
      assert.equal((await answer).status, 429);
      assert.equal(upstream.requests.length, 2);
    });

    const limits: readonly (readonly [string, Record<string, string>])[] = [
      ['for the request', { 'x-stainless-timeout': '10' }],
      ["for each read, as OpenAI's in Python does", { 'x-stainless-read-timeout': '10.0' }],
      [
        "in words and for each read, as Anthropic's in Python does",
        { 'x-stainless-timeout': 'NOT_GIVEN', 'x-stainless-read-timeout': '10' },
      ],
      ['twice, and the shorter one', { 'x-stainless-timeout': '600', 'x-stainless-read-timeout': '10' }],
    ];
    for (const [how, headers] of limits) {
      it(`goes by the time limit that an SDK tells: ${how}`, async () => {
        await start();
        answers.push(says(429, '{}', { 'retry-after': '9' }));
        assert.equal((await chat(gateway, undefined, headers)).status, 429);
      });
    }

    it('on the Hub is more than 8 s', async () => {
      await start();
      answers.push(says(429, '{}', { 'retry-after': '9' }));
      const answer = await fetch(`${gateway.url}/hub/api/models`, { headers: withKey() });
      assert.equal(answer.status, 429);
    });
  });

  it('of anything but time is handed on at once: 402, 403, 503 and what is no limit', async () => {
    await start();
    for (const [status, body, cause] of [
      [402, depleted, 'credits'],
      [403, '{"error":"no"}', null],
      [503, '{"error":"overloaded"}', null],
      [500, '{}', null],
      [429, '{"error":{"code":"1113","message":"Insufficient balance"}}', 'credits'],
    ] as const) {
      answers.push(says(status, body, { 'x-inference-provider': 'zai-org' }));
      const answer = await chat(gateway);
      assert.equal(answer.status, status);
      assert.equal(await answer.text(), body);
      assert.equal(answer.headers.get('x-headroom-cause'), cause);
    }
    assert.equal(upstream.requests.length, 5);
  });

  it('of a provider without capacity is handed on as it came, and written down', async () => {
    await start();
    const full = '{"error":{"message":"Service is overloaded, please try again later"}}';
    answers.push(says(503, full, { 'x-inference-provider': 'together' }));
    const answer = await chat(gateway);
    assert.deepEqual([answer.status, await answer.text()], [503, full]);
    assert.equal(answer.headers.get('x-headroom-cause'), null);
    assert.equal(upstream.requests.length, 1);
    clock.advance(100);
    assert.deepEqual(
      gateway.refusals.map(({ status, cause, by }) => [status, cause, by]),
      [[503, 'capacity', 'together']],
    );
    assert.equal(gateway.events.length, 1);
  });

  it('is written down with no more than the beginning of what the caller calls its model', async () => {
    await start();
    const long = 'm'.repeat(5_000);
    answers.push(says(429, '{}', { 'retry-after': '61' }));
    await chat(gateway, { model: `${long}:${long}` });
    clock.advance(100);
    assert.equal(gateway.refusals[0]?.model?.length, 200);
    assert.equal(gateway.refusals[0]?.by.length, 200);
    assert.equal(gateway.tallies[0]?.model?.length, 200);
    assert.equal(gateway.tallies[0]?.provider?.length, 200);
  });

  it('is not what a Retry-After on a 200 means', async () => {
    await start();
    answers.push(says(200, ok, { 'retry-after': '30' }));
    const answer = await chat(gateway);
    assert.equal(answer.headers.get('retry-after'), '30');
    assert.equal(await answer.text(), ok);
    clock.advance(100);
    assert.deepEqual(gateway.refusals, []);
  });

  it('of a body that streams is handed on: it can be sent only once', async () => {
    await start();
    answers.push(says(429, '{}', { 'retry-after': '1' }));
    const answer = await fetch(`${gateway.url}/router/groq/openai/v1/audio/transcriptions`, {
      method: 'POST',
      headers: withKey({ 'content-type': 'audio/wav' }),
      body: Buffer.alloc(1000),
    });
    assert.equal(answer.status, 429);
    assert.equal(upstream.requests.length, 1);
  });

  it('ends the wait when the client goes, and asks no more', async () => {
    await start();
    answers.push(says(429, '{}', { 'retry-after': '11' }));
    const gone = new AbortController();
    const answer = fetch(`${gateway.url}/v1/models`, { headers: withKey(), signal: gone.signal });
    await clock.wait();
    gone.abort();
    await assert.rejects(answer);
    await clock.cleared();
    clock.advance(20_000);
    assert.equal(upstream.requests.length, 1);
  });

  it('tells who waits what upstream said when the gateway closes', async () => {
    await start();
    answers.push(says(429, '{"a":1}', { 'retry-after': '11' }));
    const answer = chat(gateway);
    await clock.wait();
    const closed = gateway.close(5_000);
    const { status } = await answer;
    assert.equal(status, 429);
    await closed;
    assert.equal(gateway.tallies.length, 1);
  });

  describe('for money', () => {
    const acme = { kind: 'organization', name: 'acme' } as const;
    const other = { kind: 'organization', name: 'other' } as const;
    const billed = () =>
      upstream.requests.map(({ head }) => /^x-hf-bill-to: (.*)$/m.exec(head)?.[1] ?? 'personal');

    it('goes to nobody else when nobody was allowed to stand in', async () => {
      await start();
      answers.push(says(402, depleted));
      assert.equal((await chat(gateway)).status, 402);
      assert.deepEqual(billed(), ['personal']);
    });

    it('goes to the next payer, once and before the first byte, and is written down', async () => {
      await start({ failover: [acme, other] });
      answers.push(says(402, depleted));
      const answer = await chat(gateway);
      assert.equal(answer.status, 200);
      assert.equal(await answer.text(), ok);
      assert.deepEqual(billed(), ['personal', 'acme']);
      assert.equal((await chat(gateway)).status, 200);
      assert.deepEqual(billed(), ['personal', 'acme', 'acme']);
      const at = clock.now();
      assert.deepEqual(gateway.switches, [{ at, from: 'personal', to: 'org:acme', reason: 'credits' }]);
      assert.deepEqual(gateway.events, [
        {
          kind: 'stand-in',
          standIn: { profile: acme, reason: 'credits', since: at },
          from: 'personal',
          to: 'org:acme',
          reason: 'credits',
        },
      ]);
      clock.advance(100);
      assert.deepEqual(
        gateway.tallies.map(({ billedTo }) => billedTo),
        ['org:acme', 'org:acme'],
      );
      assert.equal(gateway.refusals.length, 1);
    });

    it('is handed on when the next payer has none either', async () => {
      await start({ failover: [acme, other] });
      answers.push(says(402, depleted), says(402, depleted));
      const answer = await chat(gateway);
      assert.equal(answer.status, 402);
      assert.equal(answer.headers.get('x-headroom-billed-to'), 'personal', 'the chosen one is told');
      assert.deepEqual(billed(), ['personal', 'acme']);
      assert.deepEqual([gateway.switches, gateway.events.length], [[], 1], 'nobody was paid');
    });

    it('of an organization at its spending limit goes on as well', async () => {
      await start({ profile: acme, failover: [other] });
      answers.push(says(403, '{"error":"The spending limit of this organization is reached"}'));
      assert.equal((await chat(gateway)).status, 200);
      assert.deepEqual(billed(), ['acme', 'other']);
      assert.equal(gateway.switches[0]?.reason, 'spending-limit');
    });

    it('ends when a probe finds that the chosen one has money again', async () => {
      await start({ failover: [acme] });
      answers.push(says(402, depleted));
      await chat(gateway);
      clock.advance(5 * 60_000);
      assert.equal((await chat(gateway)).status, 200);
      await chat(gateway);
      assert.deepEqual(billed(), ['personal', 'acme', 'personal', 'personal']);
      assert.deepEqual(
        gateway.switches.map(({ to, reason }) => `${to} ${reason}`),
        ['org:acme credits', 'personal returned'],
      );
      assert.equal(gateway.events.at(-1)?.kind, 'stand-in');
    });

    it('stays when the probe is refused: that request is paid by the one who stands in', async () => {
      await start({ failover: [acme] });
      answers.push(says(402, depleted), says(200, ok), says(402, depleted));
      await chat(gateway);
      clock.advance(5 * 60_000);
      assert.equal((await chat(gateway)).status, 200);
      await chat(gateway);
      assert.deepEqual(billed(), ['personal', 'acme', 'personal', 'acme', 'acme']);
    });

    it('ends at once when the extension says that credits are back', async () => {
      await start({ failover: [acme] });
      answers.push(says(402, depleted));
      await chat(gateway);
      gateway.creditsReturned();
      await chat(gateway);
      assert.deepEqual(billed(), ['personal', 'acme', 'personal']);
    });

    it('begins with who stood in before', async () => {
      await start({ failover: [acme], standIn: { profile: acme, reason: 'credits', since: clock.now() } });
      await chat(gateway);
      assert.deepEqual(billed(), ['acme']);
      gateway.configure(configTo(upstream.url, { profile: other }));
      await chat(gateway);
      assert.deepEqual(billed(), ['acme', 'other']);
    });

    it("never spends another one's money for a caller with its own token", async () => {
      await start({ failover: [acme] });
      answers.push(says(402, depleted));
      const answer = await chat(gateway, undefined, { authorization: 'Bearer hf_callersOwn' });
      assert.equal(answer.status, 402);
      assert.deepEqual(billed(), ['personal']);
      assert.deepEqual(gateway.switches, []);
    });

    it('that our own open requests explain is waited out first', async () => {
      await start({ failover: [acme] });
      for (let at = 0; at < 5; at++) await chat(gateway);
      answers.push(says(402, depleted));
      const answer = chat(gateway);
      clock.advance(await clock.wait());
      assert.equal((await answer).status, 200);
      assert.deepEqual(billed(), Array(7).fill('personal'));
      clock.advance(100);
      assert.equal(gateway.refusals[0]?.cause, 'unsettled');
    });

    it('that comes although money is left, as Hugging Face told, is waited out first', async () => {
      await start({ failover: [acme] });
      const usedNanoUsd = 40_000_000;
      const limitNanoUsd = 100_000_000;
      const leftNanoUsd = limitNanoUsd - usedNanoUsd;
      gateway.balance('personal', { usedNanoUsd, limitNanoUsd, leftNanoUsd, asOf: clock.now() });
      answers.push(says(402, depleted));
      const answer = chat(gateway);
      clock.advance(await clock.wait());
      assert.equal((await answer).status, 200);
      assert.deepEqual(billed(), ['personal', 'personal']);
    });

    it('is not asked for where the placeholders of what is open fill the limit', async () => {
      await start();
      const [usedNanoUsd, limitNanoUsd] = [50_000_000, 100_000_000];
      gateway.balance('personal', { usedNanoUsd, limitNanoUsd, asOf: clock.now() });
      clock.advance(1);
      for (let at = 0; at < 5; at++) assert.equal((await chat(gateway)).status, 200);
      clock.advance(1_000);
      const sixth = chat(gateway);
      clock.advance(await clock.wait());
      assert.equal((await sixth).status, 200);
      assert.equal(upstream.requests.length, 6);
      assert.deepEqual(gateway.refusals, []);
      assert.equal(gateway.held[0]?.[0]?.heldBy, 'unsettled');
    });
  });
});
