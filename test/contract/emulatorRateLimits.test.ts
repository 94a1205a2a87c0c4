import assert from 'node:assert/strict';
import { get } from 'node:http';
import { tokens } from '../emulator/scenarios.ts';
import type { Emulator } from '../emulator/server.ts';
import { admin, chat, frozenEmulator, hub } from './emulatorCalls.ts';

const llama = 'meta-llama/Llama-3.1-8B-Instruct';
const file = '/ada/bert-finetuned/resolve/main/config.json';

describe('emulator, Hub rate limits', () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await frozenEmulator();
  });
  afterEach(() => emulator.close());

  it('headers: every response has RateLimit and RateLimit-Policy, errors and redirects included', async () => {
    emulator.world.clock.set({ advanceMs: 58_500 });
    const ok = await hub(emulator, '/api/models?limit=1');
    assert.equal(ok.headers.get('ratelimit'), '"api";r=2287;t=242');
    assert.equal(ok.headers.get('ratelimit-policy'), '"fixed window";"api";q=2500;w=300');
    const missing = await hub(emulator, '/api/nothing');
    assert.equal(missing.headers.get('ratelimit'), '"api";r=2286;t=242');
    const redirect = await fetch(emulator.hubUrl + file, {
      redirect: 'manual',
      headers: { authorization: `Bearer ${emulator.token}` },
    });
    assert.equal(redirect.status, 307);
    assert.equal(redirect.headers.get('ratelimit'), '"resolvers";r=9;t=242');
    const page = await hub(emulator, '/pricing', { headers: { accept: 'text/html' } });
    assert.equal(page.headers.get('ratelimit'), '"pages";r=368;t=242');
  });

  it('headers: names are in lower case', async () => {
    const names = await rawHeaderNames(`${emulator.hubUrl}/api/models?limit=1`);
    assert.ok(names.includes('ratelimit') && names.includes('ratelimit-policy'), names.join());
  });

  it("full window: requests get the plan's 429 until the window ends", async () => {
    await admin(emulator, '/state', { windows: { resolvers: 11_999 } });
    assert.equal((await hub(emulator, file)).status, 200);
    const full = await hub(emulator, file);
    assert.equal(full.status, 429);
    assert.equal(
      full.json.error,
      'We had to rate limit you, you hit the quota of 12000 resolvers requests per 5 minutes period. See https://huggingface.co/docs/hub/rate-limits',
    );
    assert.equal(full.headers.get('ratelimit'), '"resolvers";r=0;t=300');
    assert.equal(emulator.world.state.users.ada?.blockedPastWeek, 4);
    emulator.world.clock.set({ advanceMs: 299_999 });
    assert.equal((await hub(emulator, file)).status, 429);
    emulator.world.clock.set({ advanceMs: 1 });
    const fresh = await fetch(emulator.hubUrl + file, {
      redirect: 'manual',
      headers: { authorization: `Bearer ${emulator.token}` },
    });
    assert.equal(fresh.headers.get('ratelimit'), '"resolvers";r=11999;t=300');
  });

  it('full window: the 429 advises a free user to upgrade, an anonymous one to log in', async () => {
    await admin(emulator, '/scenario', { name: 'free', windows: { api: 1000 } });
    const free = await hub(emulator, '/api/models');
    assert.equal(
      free.json.error,
      'We had to rate limit you, you hit the quota of 1000 api requests per 5 minutes period. Upgrade to a PRO user or Team/Enterprise organization account (https://hf.co/pricing) to get higher limits. See https://huggingface.co/docs/hub/rate-limits',
    );
    await admin(emulator, '/scenario', { name: 'anonymous', windows: { api: 500 } });
    const anonymous = await hub(emulator, '/api/models');
    assert.match(
      anonymous.json.error,
      /^We had to rate limit your IP \(127\.0\.0\.1\)\. To continue using our service, create a HF account/,
    );
    assert.equal((await hub(emulator, '/api/models', { token: tokens.ada })).status, 200);
  });

  for (const [scenario, limits] of Object.entries({
    anonymous: [500, 3_000, 100],
    free: [1_000, 5_000, 200],
    pro: [2_500, 12_000, 400],
    team: [3_000, 20_000, 400],
    enterprise: [6_000, 50_000, 600],
  })) {
    it(`limits of the plan: ${scenario}`, async () => {
      await admin(emulator, '/scenario', { name: scenario });
      const quotas = await Promise.all(
        ['/api/models?limit=1', file, '/pricing'].map(async path => {
          const token = emulator.token;
          const response = await fetch(emulator.hubUrl + path, {
            redirect: 'manual',
            headers: token === null ? {} : { authorization: `Bearer ${token}` },
          });
          return Number(/q=(\d+)/.exec(response.headers.get('ratelimit-policy') ?? '')?.[1]);
        }),
      );
      assert.deepEqual(quotas, limits);
    });
  }

  it('action limit: a commit gets a 429 with Retry-After while the api window has requests left', async () => {
    await admin(emulator, '/state', { actions: { commitsPerHour: 0 } });
    const commit = await hub(emulator, '/api/models/ada/bert-finetuned/commit/main', {
      headers: { 'content-type': 'application/x-ndjson' },
      body: { key: 'header', value: { summary: 'change' } },
    });
    assert.equal(commit.status, 429);
    assert.equal(
      commit.json.error,
      'You have exceeded the rate limit for repository commits (0 per hour). You can retry this action in about 1 hour.',
    );
    assert.equal(commit.headers.get('retry-after'), '3600');
    assert.equal(commit.headers.get('ratelimit'), '"api";r=2287;t=300');
    emulator.world.clock.set({ advanceMs: 17 * 60_000 });
    const later = await hub(emulator, '/api/models/ada/bert-finetuned/commit/main', {
      headers: { 'content-type': 'application/x-ndjson' },
      body: { key: 'header', value: { summary: 'change' } },
    });
    assert.match(later.json.error, /in 43 minutes\.$/);
  });

  it('windowSeconds: sets the length of the windows', async () => {
    await admin(emulator, '/scenario', { name: 'pro', windowSeconds: 8, windows: { api: 2_499 } });
    emulator.world.clock.set({ advanceMs: 1_500 });
    const ok = await hub(emulator, '/api/models?limit=1');
    assert.equal(ok.headers.get('ratelimit'), '"api";r=0;t=7');
    assert.equal(ok.headers.get('ratelimit-policy'), '"fixed window";"api";q=2500;w=8');
    assert.equal((await hub(emulator, '/api/models')).status, 429);
    emulator.world.clock.set({ advanceMs: 6_500 });
    const fresh = await hub(emulator, '/api/models');
    assert.equal(fresh.headers.get('ratelimit'), '"api";r=2499;t=8');
  });

  it('fullForSeconds: the window is full for that time, and fresh afterwards', async () => {
    await admin(emulator, '/state', { windows: { api: { fullForSeconds: 45 } } });
    const full = await hub(emulator, '/api/models?limit=1');
    assert.deepEqual([full.status, full.headers.get('ratelimit')], [429, '"api";r=0;t=45']);
    assert.equal(full.headers.get('ratelimit-policy'), '"fixed window";"api";q=2500;w=300');
    assert.equal(full.headers.get('retry-after'), null);
    assert.equal((await hub(emulator, file)).status, 200, 'another bucket');
    emulator.world.clock.set({ advanceMs: 44_001 });
    assert.equal((await hub(emulator, '/api/models')).headers.get('ratelimit'), '"api";r=0;t=1');
    emulator.world.clock.set({ advanceMs: 999 });
    assert.equal((await hub(emulator, '/api/models')).headers.get('ratelimit'), '"api";r=2499;t=255');
  });

  it('router: no RateLimit headers by default', async () => {
    const { status, headers } = await chat(emulator, llama);
    assert.deepEqual([status, headers.get('ratelimit'), headers.get('ratelimit-policy')], [200, null, null]);
  });

  it('router.requestsPerWindow: counts router requests per account, with RateLimit headers and a 429', async () => {
    await admin(emulator, '/state', { windowSeconds: 8, router: { requestsPerWindow: 2 } });
    const first = await chat(emulator, llama);
    assert.equal(first.headers.get('ratelimit'), '"inference";r=1;t=8');
    assert.equal(first.headers.get('ratelimit-policy'), '"fixed window";"inference";q=2;w=8');
    const wrong = await chat(emulator, 'unknown/model');
    assert.deepEqual([wrong.status, wrong.headers.get('ratelimit')], [400, '"inference";r=0;t=8']);
    const full = await chat(emulator, llama);
    assert.equal(full.status, 429);
    assert.equal(
      full.json.error,
      'We had to rate limit you, you hit the quota of 2 inference requests per 5 minutes period. See https://huggingface.co/docs/hub/rate-limits',
    );
    assert.equal(full.headers.get('ratelimit'), '"inference";r=0;t=8');
    assert.equal(full.headers.get('retry-after'), null);
    assert.equal((await chat(emulator, llama, { token: tokens.eve })).status, 200, 'of another account');
    const elsewhere = await hub(emulator, '/api/models?limit=1');
    assert.equal(elsewhere.headers.get('ratelimit'), '"api";r=2287;t=8');
    emulator.world.clock.set({ advanceMs: 8_000 });
    assert.equal((await chat(emulator, llama)).status, 200);
    await admin(emulator, '/state', { router: { requestsPerWindow: null } });
    assert.equal((await chat(emulator, llama)).headers.get('ratelimit'), null);
  });

  it('a client that accepts no JSON gets the 429 as an HTML page, others as JSON', async () => {
    await admin(emulator, '/state', { limits: { api: 0 } });
    const page = async (accept: string) => {
      const { status, text, headers } = await hub(emulator, '/api/models', { headers: { accept } });
      assert.equal(status, 429);
      if (!headers.get('content-type')?.startsWith('text/html')) return false;
      assert.match(text, /^<!DOCTYPE html>[\s\S]*<h1>429<\/h1>\s*<p>We had to rate limit you/);
      return true;
    };
    for (const accept of ['text/html', 'text/html,*/*;q=0.8', 'image/*', 'application/octet-stream'])
      assert.equal(await page(accept), true, accept);
    for (const accept of ['*/*', 'application/json', 'application/vnd.api+json', 'text/event-stream'])
      assert.equal(await page(accept), false, accept);
  });
});

function rawHeaderNames(url: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, response => {
      response.resume();
      resolve(response.rawHeaders.filter((_, index) => index % 2 === 0));
    }).on('error', reject);
  });
}
