import assert from 'node:assert/strict';
import { tokens } from '../emulator/scenarios.ts';
import type { Emulator } from '../emulator/server.ts';
import { chat, frozenEmulator, hub } from './emulatorCalls.ts';

const sse = { accept: 'text/event-stream' };

describe('emulator, live usage', () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await frozenEmulator();
  });
  afterEach(() => emulator.close());

  async function open(path: string) {
    const response = await fetch(emulator.hubUrl + path, {
      headers: { ...sse, authorization: `Bearer ${emulator.token}` },
    });
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
    const chunks = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let buffer = '';
    return {
      /** The next event, or comment. */
      next: async () => {
        while (!buffer.includes('\n\n')) buffer += (await chunks.read()).value;
        const [block = '', ...rest] = buffer.split('\n\n');
        buffer = rest.join('\n\n');
        if (block.startsWith(':')) return { name: block, data: null };
        const [, name, data = ''] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
        return { name, data: JSON.parse(data) };
      },
      close: () => chunks.cancel(),
    };
  }

  const pass = (ms: number) => emulator.world.clock.set({ advanceMs: ms });

  for (const path of [
    '/api/settings/billing/usage/live',
    '/api/users/ada/billing/usage/live',
    '/api/settings/metrics/live',
    '/api/organizations/acme/billing/usage/live',
  ]) {
    it(`${path}: streams a partial event first and a complete one after 10 s`, async () => {
      const stream = await open(path);
      const first = await stream.next();
      assert.equal(first.name, 'usage');
      assert.ok(first.data.inference);
      assert.equal(first.data.jobs, undefined);
      pass(5000);
      assert.equal((await stream.next()).name, ': keep-alive');
      pass(5000);
      const second = await stream.next();
      assert.equal(second.name, 'usage');
      assert.ok(second.data.jobs && second.data.storage);
      assert.equal((await stream.next()).name, 'count');
      pass(5000);
      assert.equal((await stream.next()).name, 'ping');
      await stream.close();
    });
  }

  it('rateLimits: reports each window and blockedPastWeek', async () => {
    await hub(emulator, '/ada/bert-finetuned/resolve/main/config.json');
    const stream = await open('/api/settings/billing/usage/live');
    await stream.next();
    pass(5000);
    await stream.next();
    pass(5000);
    const { data } = await stream.next();
    assert.deepEqual(data.rateLimits, {
      instant: {
        api: { used: 213, limit: 2500 },
        resolvers: { used: 11_991, limit: 12_000 },
        pages: { used: 31, limit: 400 },
        media: { used: 120, limit: 10_000 },
        search: { used: 14, limit: 300 },
        sensitive: { used: 0, limit: 50 },
      },
      blockedPastWeek: 3,
    });
    assert.deepEqual([data.zeroGpu.base, data.zeroGpu.current], [2400, 900]);
    assert.equal(data.inference.periodEnd, '2026-10-31T23:59:59.999Z');
    await stream.close();
  });

  it('inference: includes the cost of a new request', async () => {
    await chat(emulator, 'openai/gpt-oss-120b:groq');
    const stream = await open('/api/settings/billing/usage/live');
    assert.equal((await stream.next()).data.inference.usedNanoUsd, 1_030_000_000);
    await stream.close();
  });

  it('errors: 400 without Accept: text/event-stream, 403 without the permission', async () => {
    const json = await hub(emulator, '/api/settings/billing/usage/live');
    assert.equal(json.status, 400);
    assert.equal(typeof json.json.error, 'string');
    const denied = await hub(emulator, '/api/settings/billing/usage/live', {
      token: tokens.adaNoBilling,
      headers: sse,
    });
    assert.equal(denied.status, 403);
    const other = await hub(emulator, '/api/users/bob/billing/usage/live', { headers: sse });
    assert.equal(other.status, 403);
  });

  it('live.silent: sends keep-alives and no usage events', async () => {
    emulator.world.patch({ live: { silent: true } });
    const stream = await open('/api/settings/billing/usage/live');
    pass(5000);
    assert.equal((await stream.next()).name, ': keep-alive');
    pass(5000);
    assert.equal((await stream.next()).name, 'count');
    await stream.close();
  });
});
