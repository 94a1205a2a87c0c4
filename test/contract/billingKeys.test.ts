import assert from 'node:assert/strict';
import { checkKey, type KeyCheck } from '../../src/billing/keyCheck.ts';
import { InvalidProviderKey } from '../../src/billing/providerKey.ts';
import { providers } from '../../src/billing/providers.ts';
import { adaKey, partnerIds } from '../emulator/partners.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { html, json, listen, tapped } from './hubServer.ts';

describe('checkKey:', () => {
  let emulator: Emulator;
  let http: ReturnType<typeof tapped>;

  before(async () => {
    emulator = await startEmulator();
  });
  after(() => emulator.close());
  beforeEach(() => {
    http = tapped();
  });
  afterEach(async () => {
    emulator.world.faults = [];
    await http.close();
  });

  function check(provider: string, key: string, signal?: AbortSignal): Promise<KeyCheck> {
    return checkKey(http, provider, key, emulator.providerUrls, signal);
  }

  async function checkAgainst(answer: Parameters<typeof listen>[0]): Promise<KeyCheck> {
    const server = await listen(answer);
    try {
      return await checkKey(http, 'groq', 'gsk_example', { groq: server.url });
    } finally {
      await server.close();
    }
  }

  const checked = providers.filter(({ checkPath, id }) => checkPath !== undefined && partnerIds.includes(id));
  const publicLists = ['featherless-ai'];

  for (const { id } of checked) {
    it(`rejects a wrong key of ${id} and not the valid one`, async () => {
      assert.deepEqual(await check(id, 'not-a-key'), { kind: 'rejected', status: 401 });
      const good = await check(id, adaKey(id));
      if (publicLists.includes(id)) assert.deepEqual(good, { kind: 'unchecked', reason: 'answers-anyone' });
      else assert.deepEqual(good, { kind: 'accepted' });
    });
  }

  it('every provider but fal has a check', () => {
    assert.equal(checked.length, partnerIds.length - 1);
    assert.equal(
      checked.find(({ id }) => id === 'fal-ai'),
      undefined,
    );
  });

  it('sends the key once, in the header only, then a request without a key', async () => {
    const before = emulator.requests().length;
    await check('groq', adaKey('groq'));
    const [withKey, without, ...more] = emulator.requests().slice(before);
    assert.equal(withKey?.headers.authorization, `Bearer ${adaKey('groq')}`);
    assert.equal(withKey.path, '/groq/openai/v1/models');
    assert.equal(withKey.method, 'GET');
    assert.equal(without?.path, '/groq/openai/v1/models');
    assert.equal(without.headers.authorization, undefined);
    assert.deepEqual(more, []);
  });

  it('sends nothing to a provider without a known call', async () => {
    const before = emulator.requests().length;
    assert.deepEqual(await check('fal-ai', adaKey('fal-ai')), { kind: 'unchecked', reason: 'no-call-known' });
    assert.deepEqual(await check('next', 'x-example'), { kind: 'unchecked', reason: 'no-call-known' });
    assert.equal(emulator.requests().length, before);
  });

  it('refuses a token of Hugging Face before it sends anything', async () => {
    const before = emulator.requests().length;
    await assert.rejects(check('groq', emulator.token ?? assert.fail()), InvalidProviderKey);
    await assert.rejects(check('groq', ' '), InvalidProviderKey);
    assert.equal(emulator.requests().length, before);
  });

  it("a provider's response is not observed as Hugging Face's", async () => {
    await checkAgainst(json(429, { error: { message: 'Too many' } }, { ratelimit: '"api";r=0;t=60' }));
    await check('groq', adaKey('groq'));
    assert.deepEqual(http.seen, []);
  });

  it('server failures and other 403s leave the key unchecked', async () => {
    for (const [answer, error] of [
      [json(429, { error: { message: 'Too many' } }), 'rate-limited'],
      [json(500, {}), 'server-error'],
      [json(404, {}), 'not-found'],
      [json(403, { error: { message: 'Missing scopes: api.model.read' } }), 'missing-permission'],
      [json(302, {}, { location: 'https://elsewhere.example' }), 'redirected'],
      [html(200), 'not-json'],
      [html(401), 'not-json'],
      [(_request: unknown, response: { destroy(): void }) => response.destroy(), 'unreachable'],
    ] as const) {
      const result = await checkAgainst(answer);
      assert.ok(result.kind === 'unchecked' && result.reason === 'failed', JSON.stringify(result));
      assert.equal(result.error?.kind, error);
    }
  });

  it('a 403 whose message is about the key rejects it', async () => {
    assert.deepEqual(await checkAgainst(json(403, { error: { message: 'Invalid API key' } })), {
      kind: 'rejected',
      status: 403,
    });
  });

  it('an aborted signal ends the check', async () => {
    emulator.world.faults = [{ kind: 'delay', delayMs: 60_000, server: 'partners', path: '/groq' }];
    const cancel = new AbortController();
    const result = check('groq', adaKey('groq'), cancel.signal);
    cancel.abort();
    const ended = await result;
    assert.ok(ended.kind === 'unchecked' && ended.error?.kind === 'aborted');
  });
});
