import assert from 'node:assert/strict';
import { HubApiError, listModels } from '@huggingface/hub';
import OpenAI from 'openai';
import { depleted, GatewayRig, windowHeaders } from './gatewayRig.ts';
import { rawClient, requestHead } from './rawClient.ts';
import { response } from './rawUpstream.ts';
import { chat, key } from './testGateway.ts';

const acme = { kind: 'organization', name: 'acme' } as const;

describe('gateway, held requests:', () => {
  let rig: GatewayRig;
  beforeEach(async () => {
    rig = await GatewayRig.start();
  });
  afterEach(() => rig.stop());

  const spend = async (seconds = 5) => {
    rig.answer = () => response(200, '{}', windowHeaders(0, seconds));
    assert.equal(await rig.status('/hub/api/models'), 200);
    rig.answer = () => response(200, '{}', windowHeaders(900, 300));
  };
  /** A chat gets a 429 and is held; then `waiting` requests are. */
  const refuseChats = async (seconds: number, waiting: number) => {
    rig.answer = () => response(429, '{}', { 'retry-after': String(seconds) });
    void chat(rig.gateway);
    await rig.held(waiting);
    rig.answer = () => response(200);
  };

  it('the held list has a request until it is sent', async () => {
    await spend();
    const until = rig.clock.now() + 5_250;
    const pending = ['one', 'two'].map(program =>
      rig.status('/hub/api/models', { headers: { 'user-agent': program } }),
    );
    await rig.held(2);
    const [held] = rig.gateway.held.at(-1) ?? [];
    assert.ok(held);
    const { limit, ...rest } = held;
    assert.ok(!limit.includes('hf_developers'));
    assert.deepEqual(rest, {
      by: 'huggingface',
      scope: 'api',
      waiting: 2,
      programs: 2,
      heldBy: 'window',
      until,
    });
    assert.deepEqual(await rig.clock.result(Promise.all(pending)), [200, 200]);
    await rig.held(0);
    assert.deepEqual(rig.gateway.held.at(-1), []);
    const reports = rig.gateway.held.length;
    rig.clock.advance(1_000);
    assert.equal(rig.gateway.held.length, reports, 'an unchanged list is not reported');
  });

  it('release sends the held requests of one limit, or all', async () => {
    await spend();
    const pending = rig.status('/hub/api/models');
    await rig.held(1);
    await refuseChats(50, 2);
    const [api] = rig.gateway.held.at(-1)?.filter(({ scope }) => scope === 'api') ?? [];
    rig.gateway.release(api?.limit);
    assert.equal(await pending, 200);
    await rig.held(1);
    rig.gateway.release();
    await rig.held(0);
    await rig.arrival(4);
    assert.equal(rig.lines.at(-1), 'POST /v1/chat/completions');
  });

  it('cancel answers a held request with a 429 that says so, in the format of its API', async () => {
    await spend();
    const pending = rig.fetch('/hub/api/models');
    await rig.held(1);
    rig.gateway.cancel();
    const answer = await pending;
    assert.deepEqual(
      [answer.status, answer.headers.get('x-headroom-cause'), answer.headers.get('x-should-retry')],
      [429, 'cancelled', 'false'],
    );
    assert.match(answer.headers.get('x-error-message') ?? '', /cancelled there by hand\. It was not sent/);
    assert.equal(rig.lines.length, 1);
    await rig.held(0);
  });

  it('a held request whose client disconnects is removed', async () => {
    await spend();
    const gone = new AbortController();
    const left = rig.fetch('/hub/api/models?gone', { signal: gone.signal });
    await rig.held(1);
    const stays = rig.status('/hub/api/models?stays');
    await rig.held(2);
    gone.abort();
    await assert.rejects(left);
    await rig.held(1);
    assert.equal(await rig.clock.result(stays), 200);
    assert.equal(rig.lines.at(-1), 'GET /api/models?stays');
  });

  it('close answers held requests with a 503 and leaves no timer', async () => {
    await spend();
    const pending = rig.fetch('/hub/api/models');
    await rig.held(1);
    const unfinished = await rawClient(rig.gateway.port);
    const headers = ['Content-Type: application/json', 'Content-Length: 2'];
    unfinished.write(`${requestHead(rig.gateway, 'POST /hub/api/models', headers)}{`);
    await rig.quiet();
    const closed = rig.gateway.close(60_000);
    const answer = await pending;
    assert.equal(answer.status, 503);
    assert.equal(/closing/.test(await answer.text()), true);
    unfinished.write('}');
    assert.match((await unfinished.ended()).toString(), /^HTTP\/1\.1 503 /, 'a late request is not held');
    await closed;
    assert.equal(rig.clock.pending, 0);
    assert.deepEqual(rig.gateway.held.at(-1), []);
  });

  it('after sleep, a due request is sent although its timer is late', async () => {
    await spend();
    const pending = rig.status('/hub/api/models');
    await rig.held(1);
    await rig.quiet();
    rig.clock.jump(5_500);
    assert.equal(await rig.clock.result(pending), 200);
  });

  it('the others are sent after the first one got no response', async () => {
    await spend();
    const [first, second] = [rig.status('/hub/api/models?1'), rig.status('/hub/api/models?2')];
    await rig.held(2);
    rig.answer = ({ socket }) => {
      rig.answer = () => response(200, '{}', windowHeaders(900, 300));
      socket.destroy();
      return undefined;
    };
    assert.deepEqual(await rig.clock.result(Promise.all([first, second])), [200, 200]);
  });

  it('a held request is sent with the current token and profile', async () => {
    await refuseChats(50, 1);
    const other = chat(rig.gateway);
    await rig.held(2);
    rig.configure({ profile: acme, token: 'hf_renewed' });
    assert.equal((await other).status, 200, 'sent at once, since acme has no refusal');
    assert.deepEqual(rig.billed, ['personal', 'acme', 'acme']);
    for (const { head } of rig.arrived.slice(1)) assert.match(head, /authorization: Bearer hf_renewed/i);
  });

  it('an unrelated configuration change keeps the order', async () => {
    await spend();
    const pending: Promise<number>[] = [];
    for (let at = 1; at <= 3; at += 1) {
      pending.push(rig.status(`/hub/api/models?${at}`));
      await rig.held(at);
    }
    rig.configure({ longestWaitMs: 50_000 });
    await rig.quiet();
    assert.equal(rig.lines.length, 1);
    await rig.pass(6_000);
    await Promise.all(pending);
    assert.deepEqual(
      rig.lines.slice(1),
      [1, 2, 3].map(at => `GET /api/models?${at}`),
    );
  });

  it('requests held for unsettled money go with the stand-in once it has paid', async () => {
    rig.configure({ failover: [acme] });
    for (let at = 0; at < 5; at += 1) await chat(rig.gateway);
    rig.answer = () => response(402, depleted);
    const unsettled = chat(rig.gateway, undefined, { 'x-stainless-timeout': '70' });
    await rig.held(1);
    const behind = chat(rig.gateway, { model: 'acme/Other' });
    await rig.held(2);
    rig.answer = ({ head }) => (/x-hf-bill-to/.test(head) ? response(200) : response(402, depleted));
    // an unsettled refusal causes no failover before a request has waited as long as it can
    const impatient = await chat(rig.gateway, undefined, { 'x-stainless-timeout': '1' });
    assert.deepEqual([impatient.status, impatient.headers.get('x-headroom-cause')], [429, 'unsettled']);
    assert.ok(!rig.billed.includes('acme'));
    const paid = Promise.all([behind, unsettled]);
    for (let seconds = 0; seconds < 60 && !rig.billed.includes('acme'); seconds += 1) await rig.pass(1_000);
    assert.deepEqual(
      (await paid).map(({ status }) => status),
      [200, 200],
    );
    assert.deepEqual(
      rig.billed.filter(payer => payer === 'acme'),
      ['acme', 'acme'],
    );
    assert.deepEqual(
      rig.gateway.switches.map(({ to, reason }) => `${to} ${reason}`),
      ['org:acme credits'],
    );
  });

  it("one payer's 429 does not count as another payer's missing credits", async () => {
    rig.configure({ profile: acme });
    rig.answer = () => response(429, '{}', { 'retry-after': '300' });
    assert.equal((await chat(rig.gateway)).status, 429);
    rig.configure({ failover: [acme, { kind: 'organization', name: 'other' }] });
    rig.answer = ({ head }) => (/x-hf-bill-to/.test(head) ? response(200) : response(402, depleted));
    const first = await chat(rig.gateway);
    assert.deepEqual([first.status, first.headers.get('x-headroom-cause')], [402, 'credits']);
    const next = await chat(rig.gateway);
    assert.deepEqual([next.status, next.headers.get('x-headroom-cause')], [429, 'unknown']);
    assert.deepEqual(rig.billed, ['acme', 'personal'], 'no refusal of acme is about credits');
  });

  describe('longer than the program waits:', () => {
    it('the request gets a 429 at once with cause and reset time', async () => {
      await spend(60);
      rig.clock.advance(100);
      const answer = await rig.fetch('/hub/api/models');
      const until = '2026-11-10T12:01:00.250Z';
      assert.deepEqual(
        ['retry-after', 'x-headroom-cause', 'x-headroom-resets-at', 'x-should-retry'].map(name =>
          answer.headers.get(name),
        ),
        ['61', 'rate', until, 'false'],
      );
      const sentence =
        "Not sent by Headroom's gateway: Hugging Face's window for api requests is full, for longer than the program waits. Send it again in 61 s, at 2026-11-10 12:01:01 UTC.";
      assert.deepEqual([answer.status, await answer.json()], [429, { error: sentence }]);
      assert.equal(answer.headers.get('x-error-message'), sentence);
      rig.clock.advance(100);
      const [refusal] = rig.gateway.refusals;
      assert.equal(new Date(refusal?.resetsAt ?? 0).toISOString(), until);
      assert.deepEqual([refusal?.cause, refusal?.scope, refusal?.source], ['rate', 'api', 'gateway']);
      assert.deepEqual(rig.gateway.events, [{ kind: 'refusal', refusal }]);
      assert.equal(rig.lines.length, 1);
    });

    it("huggingface_hub reads the window's end and policy from RateLimit, as it is written there", async () => {
      await spend(45);
      const { status, headers } = await rig.fetch('/hub/api/models/acme/m/commit/main', { method: 'POST' });
      assert.equal(status, 429);
      // both from huggingface_hub 1.2, src/huggingface_hub/utils/_http.py
      const read = /"(?<bucket>\w+)"\s*;\s*r\s*=\s*(?<r>\d+)\s*;\s*t\s*=\s*(?<t>\d+)/;
      const readPolicy = /q\s*=\s*(?<q>\d+).*?w\s*=\s*(?<w>\d+)/;
      const { bucket, r, t } = read.exec(headers.get('ratelimit') ?? '')?.groups ?? {};
      assert.deepEqual([bucket, r, t], ['api', '0', headers.get('retry-after')]);
      const { q, w } = readPolicy.exec(headers.get('ratelimit-policy') ?? '')?.groups ?? {};
      assert.deepEqual([q, w], ['1000', '300']);
      assert.deepEqual(
        [headers.get('ratelimit'), headers.get('ratelimit-policy')],
        [`"api";r=0;t=${t}`, '"fixed window";"api";q=1000;w=300'],
      );
    });

    it('the limit of one action has its own name and no policy', async () => {
      rig.answer = () => response(429, '{}', { ...windowHeaders(900, 300), 'retry-after': '3000' });
      const commit = () => rig.fetch('/hub/api/models/acme/m/commit/main', { method: 'POST' });
      assert.equal((await commit()).status, 429);
      const { headers } = await commit();
      assert.match(headers.get('ratelimit') ?? '', /^"commit";r=0;t=300\d$/);
      assert.equal(headers.get('ratelimit-policy'), null);
      assert.match(
        headers.get('x-error-message') ?? '',
        /refused requests of this kind \(POST models commit\)/,
      );
    });

    it('behind the router no RateLimit is ours', async () => {
      rig.answer = () => response(429, '{}', { 'retry-after': '300' });
      await chat(rig.gateway);
      const { headers } = await chat(rig.gateway);
      assert.deepEqual([headers.get('ratelimit'), headers.get('retry-after')?.length], [null, 3]);
    });

    it("the library's error has the reason", async () => {
      await spend(60);
      const hub = { hubUrl: `${rig.gateway.url}/hub`, accessToken: key };
      const failed = await listModels(hub)
        .next()
        .catch((error: unknown) => error);
      assert.ok(failed instanceof HubApiError, String(failed));
      assert.equal(failed.statusCode, 429);
      assert.match(failed.message, /Hugging Face's window for api requests is full/);

      rig.answer = () => response(429, '{}', { 'retry-after': '300' });
      await chat(rig.gateway);
      const before = rig.arrived.length;
      const openai = new OpenAI({ baseURL: `${rig.gateway.url}/v1`, apiKey: key, maxRetries: 2 });
      const refused = await openai.chat.completions
        .create({ model: 'acme/Model-7B', messages: [] })
        .catch((error: unknown) => error);
      assert.ok(refused instanceof OpenAI.RateLimitError, String(refused));
      assert.match(
        refused.message,
        /Hugging Face refused an earlier request for acme\/Model-7B,.*Send it again in 30\d s, at 20\d\d-.* UTC\./,
      );
      assert.equal(refused.code, 'held_too_long');
      assert.equal(rig.arrived.length, before, 'the gateway sends nothing, the SDK retries nothing');
    });

    it("a request refused before gets the server's own response, and one refusal is reported", async () => {
      rig.answer = () => response(429, '{"a":1}', { 'retry-after': '5' });
      const pending = rig.fetch('/hub/api/models');
      await rig.held(1);
      rig.answer = () => response(200, '{}', windowHeaders(0, 20));
      assert.equal(await rig.status('/hub/api/repos/create', { method: 'POST' }), 200);
      assert.deepEqual(rig.gateway.events, []);
      const answer = await rig.clock.result(pending);
      assert.deepEqual([answer.status, await answer.json()], [429, { a: 1 }]);
      assert.equal(answer.headers.get('x-should-retry'), 'false');
      assert.equal(rig.lines.length, 2);
      assert.deepEqual(
        rig.gateway.events.map(({ kind }) => kind),
        ['refusal'],
      );
    });
  });
});
