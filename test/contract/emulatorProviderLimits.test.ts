import assert from 'node:assert/strict';
import { setImmediate as immediate } from 'node:timers/promises';
import { adaKey } from '../emulator/providers.ts';
import type { Emulator } from '../emulator/server.ts';
import { admin, type CallResult, call, chat, frozenEmulator } from './emulatorCalls.ts';

const glm = 'zai-org/GLM-4.6:zai-org';
const llama = 'meta-llama/Llama-3.1-8B-Instruct:novita';

describe('emulator, patched limits of providers', () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await frozenEmulator();
  });
  afterEach(() => emulator.close());

  const limits = (providers: object) => admin(emulator, '/state', { providers });
  /** A request is in flight once its body has arrived. */
  const arrived = async (count: number) => {
    while (emulator.requests()[count - 1]?.size === undefined) await immediate();
  };
  const atGroq = (): Promise<CallResult> =>
    call(emulator, `${emulator.providerUrls.groq}/openai/v1/chat/completions`, {
      token: adaKey('groq'),
      body: { model: 'llama-3.1-8b-instant', messages: [{ role: 'user', content: 'Say hello' }] },
    });

  it('minuteSeconds: sets the length of the token window', async () => {
    await limits({ groq: { keys: { [adaKey('groq')]: { tokensPerMinute: 140, minuteSeconds: 6 } } } });
    emulator.world.clock.set({ advanceMs: 1_600 });
    const first = await atGroq();
    assert.equal(first.headers.get('x-ratelimit-reset-tokens'), '4.4s');
    await atGroq();
    const full = await atGroq();
    assert.equal(full.status, 429);
    assert.match(full.json.error.message, /Please try again in 4\.4s\./);
    assert.equal(full.headers.get('retry-after'), '5');
    emulator.world.clock.set({ advanceMs: 4_400 });
    assert.equal((await atGroq()).status, 200);
  });

  it('latencyMs and mostInFlight: one request too many gets a 429 at once, without limit headers', async () => {
    await limits({ 'zai-org': { mostInFlight: 1, latencyMs: 200 } });
    const both = [chat(emulator, glm), chat(emulator, glm)];
    const refused = await Promise.race(both);
    assert.deepEqual([refused.status, refused.json.error.code], [429, '1302']);
    const limitHeaders = [...refused.headers.keys()].filter(name => /ratelimit|retry/.test(name));
    assert.deepEqual(limitHeaders, []);
    emulator.world.clock.set({ advanceMs: 200 });
    const statuses = (await Promise.all(both)).map(({ status }) => status);
    assert.deepEqual(statuses.sort(), [200, 429]);
    const next = chat(emulator, glm);
    await arrived(3);
    emulator.world.clock.set({ advanceMs: 200 });
    assert.equal((await next).status, 200, 'no request is in flight');
  });

  it('mostInFlight: a provider without a known error text does not name the reason', async () => {
    await limits({ novita: { mostInFlight: 0 } });
    const refused = await chat(emulator, llama);
    assert.equal(refused.status, 429);
    assert.equal(refused.json.error.message, 'Rate limit exceeded, please try again later');
  });

  it('mostInFlight: requests with a key and those of HF are counted apart', async () => {
    await limits({ groq: { mostInFlight: 0 } });
    assert.equal((await atGroq()).status, 200);
    await limits({ groq: { keys: { [adaKey('groq')]: { mostInFlight: 0 } } } });
    assert.equal((await atGroq()).status, 429);
  });

  it('mostInFlight: a disconnected request no longer counts', async () => {
    await limits({ novita: { mostInFlight: 1, latencyMs: 60_000 } });
    const gone = new AbortController();
    const left = fetch(`${emulator.routerUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${emulator.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: llama, messages: [] }),
      signal: gone.signal,
    });
    await arrived(1);
    assert.equal((await chat(emulator, llama)).status, 429);
    gone.abort();
    await assert.rejects(left);
    await limits({ novita: { latencyMs: null } });
    let status = 429;
    while (status === 429) ({ status } = await chat(emulator, llama));
    assert.equal(status, 200);
  });
});
