import assert from 'node:assert/strict';
import { promisify } from 'node:util';
import { gunzip, gzipSync } from 'node:zlib';
import { depleted, GatewayRig, ok, reply } from './gatewayRig.ts';
import { chat } from './testGateway.ts';

const groq =
  '{"error":{"message":"Rate limit reached for model `m` in organization `org_x` service tier `on_demand` on tokens per minute (TPM): Limit 12000, Used 4437, Requested 9854. Please try again in 11.455s.","type":"tokens","code":"rate_limit_exceeded"}}';

describe('gateway, refusals:', () => {
  let rig: GatewayRig;
  beforeEach(async () => {
    rig = await GatewayRig.start();
  });
  afterEach(() => rig.stop());

  describe('short limit:', () => {
    // includes the jitter that spreads held requests
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
      ["Groq's message", groq, {}, 11_580],
      [
        "Cerebras' header in fractions of a second",
        '{"message":"Tokens per minute limit exceeded - too many tokens processed.","code":"token_quota_exceeded"}',
        { 'x-ratelimit-reset-tokens-minute': '33.382867' },
        33_508,
      ],
      ['no field: backoff', '{}', {}, 250],
      ['an invalid Retry-After: backoff', '{}', { 'retry-after': 'soon' }, 250],
    ];
    for (const [name, body, headers, delayMs] of waits) {
      it(`held for the time in ${name}`, async () => {
        rig.answers.push(reply(429, body, headers));
        const answer = chat(rig.gateway);
        const { status, headers: answered } = await rig.clock.result(answer);
        assert.deepEqual(rig.waits, [delayMs]);
        assert.equal(status, 200);
        assert.equal(answered.get('x-headroom-cause'), null);
        const [first, second] = rig.arrived;
        assert.deepEqual(second?.body, first?.body);
        assert.equal(second?.head, first?.head);
        assert.deepEqual(rig.gateway.events, [], 'a held request reports no refusal');
      });
    }

    it('backoff doubles, up to the longest wait', async () => {
      rig.answers.push(reply(429), reply(429), reply(429));
      const answer = chat(rig.gateway);
      assert.equal((await rig.clock.result(answer)).status, 200);
      assert.deepEqual(rig.waits, [250, 500, 1000]);
    });

    it('a compressed 429, a GET and a Hub request are held as well', async () => {
      const zipped = gzipSync(groq);
      rig.answers.push(() =>
        Buffer.concat([
          Buffer.from(`HTTP/1.1 429 X\r\ncontent-encoding: gzip\r\ncontent-length: ${zipped.length}\r\n\r\n`),
          zipped,
        ]),
      );
      const chatted = chat(rig.gateway);
      await rig.arrival(1);
      await rig.quiet();
      await promisify(gunzip)(zipped); // ends after the gateway's: one thread pool
      assert.equal((await rig.clock.result(chatted)).status, 200);
      assert.deepEqual(rig.waits, [11_580]);
      rig.answers.push(reply(429, '{}', { 'retry-after': '5' }));
      const listed = rig.fetch('/hub/api/models');
      assert.equal((await rig.clock.result(listed)).status, 200);
    });
  });

  describe('limit longer than the client waits:', () => {
    it('the response is passed on at once, with cause and reset time in headers', async () => {
      rig.answers.push(reply(429, groq, { 'retry-after': '61', 'x-request-id': 'r1' }));
      const answer = await chat(rig.gateway);
      assert.equal(answer.status, 429);
      assert.equal(await answer.text(), groq);
      const { headers } = answer;
      assert.equal(headers.get('x-request-id'), 'r1');
      assert.equal(headers.get('retry-after'), '61');
      assert.equal(headers.get('x-headroom-cause'), 'tokens');
      assert.equal(headers.get('x-headroom-resets-at'), '2026-11-10T12:01:01.000Z');
      assert.equal(headers.get('x-headroom-billed-to'), 'personal');
      assert.equal(headers.get('x-should-retry'), 'false');
      assert.equal(rig.arrived.length, 1);
      await rig.pass(1_000);
      const [refusal] = rig.gateway.refusals;
      assert.equal(refusal?.source, 'gateway');
      assert.equal(refusal?.billedTo, 'personal');
      assert.equal(refusal?.model, 'acme/Model-7B');
      assert.deepEqual(rig.gateway.events, [{ kind: 'refusal', refusal }]);
      assert.deepEqual(
        rig.gateway.tallies.map(({ status }) => status),
        [429],
      );
    });

    it('Retry-After is added when only RateLimit has the reset time', async () => {
      rig.answers.push(reply(429, '{}', { ratelimit: '"api";r=0;t=120' }));
      assert.equal((await chat(rig.gateway)).headers.get('retry-after'), '120');
    });

    it('earlier waits count', async () => {
      rig.answers.push(reply(429, '{}', { 'retry-after': '40' }), reply(429, '{}', { 'retry-after': '21' }));
      const answer = chat(rig.gateway);
      assert.equal((await rig.clock.result(answer)).status, 429);
      assert.equal(rig.arrived.length, 2);
    });

    const limits: readonly (readonly [string, Record<string, string>])[] = [
      ['x-stainless-timeout', { 'x-stainless-timeout': '10' }],
      ["x-stainless-read-timeout, as openai's for Python", { 'x-stainless-read-timeout': '10.0' }],
      [
        "NOT_GIVEN with x-stainless-read-timeout, as anthropic's for Python",
        { 'x-stainless-timeout': 'NOT_GIVEN', 'x-stainless-read-timeout': '10' },
      ],
      ['the shorter of both', { 'x-stainless-timeout': '600', 'x-stainless-read-timeout': '10' }],
    ];
    for (const [how, headers] of limits) {
      it(`the SDK's timeout is respected: ${how}`, async () => {
        rig.answers.push(reply(429, '{}', { 'retry-after': '9' }));
        assert.equal((await chat(rig.gateway, undefined, headers)).status, 429);
      });
    }

    it('the Hub’s clients wait at most 8 s', async () => {
      rig.answers.push(reply(429, '{}', { 'retry-after': '9' }));
      const answer = await rig.fetch('/hub/api/models');
      assert.equal(answer.status, 429);
    });
  });

  it('402, 403, 500, 503 and a balance code are passed on at once', async () => {
    for (const [status, body, cause] of [
      [402, depleted, 'credits'],
      [403, '{"error":"no"}', null],
      [503, '{"error":"overloaded"}', null],
      [500, '{}', null],
      [429, '{"error":{"code":"1113","message":"Insufficient balance"}}', 'credits'],
    ] as const) {
      rig.answers.push(reply(status, body, { 'x-inference-provider': 'zai-org' }));
      const answer = await chat(rig.gateway);
      assert.equal(answer.status, status);
      assert.equal(await answer.text(), body);
      assert.equal(answer.headers.get('x-headroom-cause'), cause);
    }
    assert.equal(rig.arrived.length, 5);
  });

  it('a 503 for capacity is passed on unchanged and recorded', async () => {
    const full = '{"error":{"message":"Service is overloaded, please try again later"}}';
    rig.answers.push(reply(503, full, { 'x-inference-provider': 'together' }));
    const answer = await chat(rig.gateway);
    assert.deepEqual([answer.status, await answer.text()], [503, full]);
    assert.equal(answer.headers.get('x-headroom-cause'), null);
    assert.equal(rig.arrived.length, 1);
    await rig.pass(1_000);
    assert.deepEqual(
      rig.gateway.refusals.map(({ status, cause, by }) => [status, cause, by]),
      [[503, 'capacity', 'together']],
    );
    assert.equal(rig.gateway.events.length, 1);
  });

  it('model and provider of a request are recorded with at most 200 characters, and a refusal of no provider’s id', async () => {
    const long = 'm'.repeat(5_000);
    rig.answers.push(reply(429, '{}', { 'retry-after': '61' }));
    await chat(rig.gateway, { model: `${long}:${long}` });
    await rig.pass(1_000);
    assert.equal(rig.gateway.refusals[0]?.model?.length, 200);
    assert.equal(rig.gateway.refusals[0]?.by, 'unknown');
    assert.equal(rig.gateway.tallies[0]?.model?.length, 200);
    assert.equal(rig.gateway.tallies[0]?.provider?.length, 200);
  });

  it('Retry-After on a 200 is no refusal', async () => {
    rig.answers.push(reply(200, ok, { 'retry-after': '30' }));
    const answer = await chat(rig.gateway);
    assert.equal(answer.headers.get('retry-after'), '30');
    assert.equal(await answer.text(), ok);
    await rig.pass(1_000);
    assert.deepEqual(rig.gateway.refusals, []);
  });

  it('a 429 for a streamed body is passed on, since it can be sent only once', async () => {
    rig.answers.push(reply(429, '{}', { 'retry-after': '1' }));
    const answer = await rig.fetch('/router/groq/openai/v1/audio/transcriptions', {
      method: 'POST',
      headers: { 'content-type': 'audio/wav' },
      body: Buffer.alloc(1000),
    });
    assert.equal(answer.status, 429);
    assert.equal(rig.arrived.length, 1);
  });

  it('a client that disconnects while held ends the wait', async () => {
    rig.answers.push(reply(429, '{}', { 'retry-after': '11' }));
    const gone = new AbortController();
    const answer = rig.fetch('/v1/models', { signal: gone.signal });
    await rig.clock.settled();
    gone.abort();
    await assert.rejects(answer);
    await rig.clock.settled();
    await rig.pass(20_000);
    assert.equal(rig.arrived.length, 1);
  });

  it('close answers a refused, held request with its 429', async () => {
    rig.answers.push(reply(429, '{"a":1}', { 'retry-after': '11' }));
    const answer = chat(rig.gateway);
    await rig.clock.settled();
    const closed = rig.gateway.close(5_000);
    const { status } = await answer;
    assert.equal(status, 429);
    await closed;
    assert.equal(rig.gateway.tallies.length, 1);
  });
});
