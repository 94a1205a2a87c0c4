import assert from 'node:assert/strict';
import { GatewayRig, windowHeaders } from './gatewayRig.ts';
import { type RawRequest, response } from './rawUpstream.ts';
import { chat } from './testGateway.ts';

describe('gateway pacing, full window:', () => {
  let rig: GatewayRig;
  beforeEach(async () => {
    rig = await GatewayRig.start();
  });
  afterEach(() => rig.stop());

  /** A response reports a full window; later ones report a free one. */
  const spend = async (seconds = 5, path = '/hub/api/models', bucket = 'api') => {
    rig.clock.advance(10);
    rig.answer = () => response(200, '{}', windowHeaders(0, seconds, bucket));
    assert.equal(await rig.status(path), 200);
    rig.answer = () => response(200, '{}', windowHeaders(900, 300, bucket));
  };

  it('later requests are held until its reset, before any 429', async () => {
    await spend();
    const pending: Promise<number>[] = [];
    for (let at = 1; at <= 3; at += 1) {
      pending.push(rig.status(`/hub/api/models?${at}`));
      await rig.held(at);
    }
    rig.answer = () => undefined;
    await rig.clock.until(() => rig.lines.length > 1);
    assert.deepEqual(rig.lines.slice(1), ['GET /api/models?1'], 'the first request goes alone');
    assert.ok((rig.waits[0] ?? 0) > 5_000, 't=5 may be rounded down');
    rig.answer = () => response(200);
    rig.arrived[1]?.socket.write(response(200, '{}', windowHeaders(999, 299)));
    assert.deepEqual(await Promise.all(pending), [200, 200, 200]);
    assert.deepEqual(rig.lines.slice(2), ['GET /api/models?2', 'GET /api/models?3']);
    assert.deepEqual([rig.gateway.refusals, rig.gateway.events], [[], []]);
  });

  it('after the reset, the others follow the first request within a second, also without its response', async () => {
    await spend();
    const pending = [1, 2].map(() => rig.status('/hub/api/models'));
    await rig.held(2);
    rig.answer = () => undefined;
    await rig.clock.until(() => rig.lines.length === 2);
    await rig.pass(900);
    assert.equal(rig.lines.length, 2);
    await rig.pass(100);
    assert.equal(rig.lines.length, 3);
    for (const { socket } of rig.arrived.slice(1)) socket.write(response(200));
    assert.deepEqual(await Promise.all(pending), [200, 200]);
  });

  it('at most `remaining` requests are in flight', async () => {
    rig.answer = () => response(200, '{}', windowHeaders(2, 60));
    await rig.status('/hub/api/models');
    rig.answer = () => undefined;
    const pending = [1, 2, 3].map(() => rig.status('/hub/api/models'));
    await rig.arrival(3);
    await rig.held(1);
    await rig.quiet();
    assert.equal(rig.lines.length, 3);
    // requests of other programs count too, and the reset is 60 s away
    rig.arrived[1]?.socket.write(response(200, '{}', windowHeaders(1, 60)));
    rig.arrived[2]?.socket.write(response(200, '{}', windowHeaders(0, 60)));
    assert.deepEqual((await Promise.all(pending)).sort(), [200, 200, 429]);
    assert.equal(rig.lines.length, 3);
  });

  it('other Hub buckets are not held; HEAD counts like GET', async () => {
    await spend();
    const api = rig.answer;
    rig.answer = ({ head }) =>
      response(200, '{}', windowHeaders(9, 300, head.includes('/resolve/') ? 'resolvers' : 'pages'));
    assert.equal(await rig.status('/hub/acme/model/resolve/main/config.json'), 200);
    assert.equal(await rig.status('/hub/acme/model', { method: 'HEAD' }), 200);
    rig.answer = api;
    const held = rig.fetch('/hub/api/models/acme/model', { method: 'HEAD' });
    await rig.held(1);
    const { status, headers } = await rig.clock.result(held);
    assert.deepEqual([status, headers.get('ratelimit')], [200, '"api";r=900;t=300']);
    assert.equal(rig.lines.at(-1), 'HEAD /api/models/acme/model');
  });

  it('a bucket named only by the response holds the paths that it counts, and no others', async () => {
    rig.answer = () => response(429, '{"error":"Too many requests"}', windowHeaders(0, 5, 'search'));
    const searched = [rig.status('/hub/api/quicksearch?q=1')];
    await rig.held(1);
    searched.push(rig.status('/hub/api/quicksearch?q=2'));
    await rig.held(2);
    rig.answer = () => response(200, '{}', windowHeaders(900, 300));
    assert.equal(await rig.status('/hub/api/models'), 200);
    assert.deepEqual(
      rig.gateway.held.at(-1)?.map(({ scope, waiting, heldBy }) => [scope, waiting, heldBy]),
      [['search', 2, 'window']],
    );
    rig.answer = () => response(200, '{}', windowHeaders(99, 300, 'search'));
    await rig.pass(5_500);
    await rig.pass(1_500);
    assert.deepEqual(await Promise.all(searched), [200, 200]);
    assert.equal(rig.gateway.refusals.length, 1);
  });

  it('a window told behind the router holds requests for that model and payer only', async () => {
    rig.answer = () => response(200, '{}', windowHeaders(0, 30, 'inference'));
    await chat(rig.gateway, { model: 'acme/One' });
    rig.answer = () => response(200);
    const held = chat(rig.gateway, { model: 'acme/One' });
    await rig.held(1);
    assert.equal((await chat(rig.gateway, { model: 'acme/Other' })).status, 200);
    rig.configure({ profile: { kind: 'organization', name: 'acme' } });
    assert.equal((await chat(rig.gateway, { model: 'acme/One' })).status, 200);
    rig.configure({});
    assert.equal((await rig.clock.result(held)).status, 200);
  });

  it("a client's own token has its own window", async () => {
    await spend();
    assert.equal(
      await rig.status('/hub/api/models', { headers: { authorization: 'Bearer hf_another' } }),
      200,
    );
  });

  it('pacing set to observe: windows are learned, nothing is held', async () => {
    rig.configure({ pacing: 'observe' });
    await spend(100);
    assert.deepEqual(await Promise.all([1, 2, 3].map(() => rig.status('/hub/api/models'))), [200, 200, 200]);
    rig.configure({});
    assert.equal(await rig.status('/hub/api/models'), 200, 'a later response reports a free window');
    await spend(5);
    const held = rig.status('/hub/api/models');
    await rig.held(1);
    rig.configure({ pacing: 'observe' });
    assert.equal(await held, 200);
  });
});

describe('gateway pacing, refused model:', () => {
  let rig: GatewayRig;
  beforeEach(async () => {
    rig = await GatewayRig.start();
  });
  afterEach(() => rig.stop());

  const partner = { 'x-inference-provider': 'groq' };
  const modelOf = ({ body }: RawRequest) => JSON.parse(body.toString()).model as string;

  it('requests for that model are held, others are not', async () => {
    rig.answer = request =>
      modelOf(request) === 'acme/Busy'
        ? response(429, '{}', { ...partner, 'retry-after': '20' })
        : response(200, '{}', partner);
    const busy = [chat(rig.gateway, { model: 'acme/Busy' })];
    await rig.held(1);
    busy.push(chat(rig.gateway, { model: 'acme/Busy' }));
    await rig.held(2);
    assert.equal((await chat(rig.gateway, { model: 'acme/Free' })).status, 200);
    assert.deepEqual(
      rig.gateway.held.at(-1)?.map(({ by, scope, model, heldBy }) => [by, scope, model, heldBy]),
      [['groq', undefined, 'acme/Busy', 'refusal']],
    );
    rig.answer = () => response(200, '{}', partner);
    await rig.pass(20_125);
    assert.deepEqual(
      (await Promise.all(busy)).map(({ status }) => status),
      [200, 200],
    );
    assert.deepEqual(rig.arrived.map(modelOf), ['acme/Busy', 'acme/Free', 'acme/Busy', 'acme/Busy']);
  });

  it("a provider's headers about HF's account there hold no request", async () => {
    rig.answer = () =>
      response(200, '{}', {
        ...partner,
        'x-ratelimit-limit-tokens': '6000',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '59s',
      });
    for (let at = 0; at < 3; at += 1) assert.equal((await chat(rig.gateway)).status, 200);
    assert.deepEqual(rig.gateway.held, []);
  });

  it('of 50 requests at most 4 are refused', async () => {
    let refused = 0;
    const opensAt = rig.clock.now() + 10_000;
    rig.answer = () => {
      if (rig.clock.now() >= opensAt) return response(200, '{}', partner);
      refused += 1;
      return response(429, '{}', { ...partner, 'retry-after': '10' });
    };
    const pending = Array.from({ length: 50 }, () => chat(rig.gateway));
    await rig.held(50);
    await rig.pass(9_000);
    for (let at = 0; at < 20; at += 1) await rig.pass(500);
    assert.deepEqual(new Set((await Promise.all(pending)).map(({ status }) => status)), new Set([200]));
    assert.ok(refused <= 4, `${refused} were refused`);
    assert.equal(rig.arrived.length, 50 + refused);
  });
});

describe('gateway pacing, tokens per minute of a provider key:', () => {
  let rig: GatewayRig;
  beforeEach(async () => {
    rig = await GatewayRig.start({
      config: { profile: { kind: 'provider-key', provider: 'groq' }, keys: { groq: 'gsk_ada' } },
      models: { find: async (_provider, model) => `their-${model}` },
    });
  });
  afterEach(() => rig.stop());

  const tokens = (remaining: number, reset: string) => ({
    'x-ratelimit-limit-tokens': '6000',
    'x-ratelimit-remaining-tokens': String(remaining),
    'x-ratelimit-reset-tokens': reset,
  });
  const chatWith = (model: string, maxTokens: number) =>
    chat(rig.gateway, { model, max_tokens: maxTokens, messages: [] });

  it('estimated tokens count, for each model apart', async () => {
    rig.answer = () => response(200, '{}', tokens(1_000, '20s'));
    assert.equal((await chatWith('acme/One', 10)).status, 200);
    const held = chatWith('acme/One', 3_000);
    await rig.held(1);
    rig.answer = () => response(200, '{}', tokens(5_000, '60s'));
    assert.equal((await chatWith('acme/Other', 3_000)).status, 200);
    assert.deepEqual(
      rig.gateway.held.at(-1)?.map(({ by, model, heldBy }) => [by, model, heldBy]),
      [['groq', 'acme/One', 'window']],
    );
    assert.equal(rig.arrived.length, 2);
    rig.clock.advance(21_000);
    assert.equal((await held).status, 200);
    assert.match(rig.arrived[2]?.body.toString() ?? '', /their-acme\/One/);
  });

  it('used tokens replace the estimate', async () => {
    const usage = (total: number) => `{"usage":{"prompt_tokens":${total - 1},"completion_tokens":1}}`;
    rig.answer = () => response(200, usage(3_000), tokens(3_500, '20s'));
    await (await chatWith('acme/One', 10)).text();
    rig.clock.advance(100);
    const held = chatWith('acme/One', 10);
    const other = chatWith('acme/One', 10);
    await rig.held(2);
    assert.equal(rig.arrived.length, 1, 'another request like the first does not fit');
    rig.clock.advance(21_000);
    await rig.pass(0);
    assert.deepEqual([(await held).status, (await other).status], [200, 200]);
  });
});
