import assert from 'node:assert/strict';
import type { Emulator } from '../emulator/server.ts';
import { admin, call, chat, frozenEmulator, hub } from './emulatorCalls.ts';

describe('emulator, faults and admin API', () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await frozenEmulator();
  });
  afterEach(() => emulator.close());

  const quota = '/api/spaces/zero-gpu/quota';
  const fault = (body: unknown) => admin(emulator, '/faults', body);

  it('fault: hits `count` requests of a path and method after `skip`', async () => {
    await fault({
      kind: 'status',
      path: '/api/spaces',
      method: 'get',
      status: 503,
      body: { error: 'down' },
      skip: 1,
      count: 1,
    });
    const statuses = [];
    for (let index = 0; index < 3; index += 1) statuses.push((await hub(emulator, quota)).status);
    assert.deepEqual(statuses, [200, 503, 200]);
    assert.equal((await hub(emulator, '/api/models')).status, 200);
  });

  it('faults: reset, half-body, malformed-json, html, stall and delay', async () => {
    await fault([
      { kind: 'reset', count: 1 },
      { kind: 'half-body', count: 1 },
      { kind: 'malformed-json', count: 1 },
      { kind: 'html', count: 1 },
    ]);
    await assert.rejects(hub(emulator, quota), /fetch failed/);
    await assert.rejects(hub(emulator, quota), /terminated/);
    const garbled = await hub(emulator, quota);
    assert.deepEqual([garbled.status, garbled.json], [200, undefined]);
    const portal = await hub(emulator, quota);
    assert.equal(portal.status, 200);
    assert.match(portal.text, /Airport WiFi/);
    assert.equal(portal.headers.get('ratelimit'), null);
    await fault({ kind: 'stall', path: quota, count: 1 });
    await fault({ kind: 'delay', path: '/api/models', delayMs: 60_000 });
    for (const path of [quota, '/api/models']) {
      const hung = fetch(emulator.hubUrl + path, { signal: AbortSignal.timeout(100) }).then(response =>
        response.text(),
      );
      await assert.rejects(hung, { name: 'TimeoutError' });
    }
    assert.equal((await admin(emulator, '/faults', undefined, 'DELETE')).status, 200);
    assert.equal((await hub(emulator, '/api/models?limit=1')).status, 200);
  });

  it('faults: wrong-type and missing-field change the JSON', async () => {
    await fault({ kind: 'wrong-type', path: quota, field: 'current', value: 'lots', count: 1 });
    assert.equal((await hub(emulator, quota)).json.current, 'lots');
    await fault({ kind: 'missing-field', server: 'endpoints', field: 'items.*.status.state', count: 1 });
    const { json } = await call(emulator, `${emulator.endpointsUrl}/v2/endpoint/ada`);
    assert.equal(json.items[1].status.state, undefined);
    assert.equal(json.items[1].status.message, 'Endpoint is scaled to zero');
  });

  it('fault: reset-mid-body breaks a stream', async () => {
    await fault({ kind: 'reset-mid-body', server: 'router', afterWrites: 2, count: 1 });
    await assert.rejects(chat(emulator, 'openai/gpt-oss-120b', { stream: true }), /terminated/);
  });

  it('POST /faults: an unknown kind gets a 400', async () => {
    const { status, json } = await fault({ kind: 'dealy' });
    assert.equal(status, 400);
    assert.match(json.error, /Not a fault/);
  });

  it('GET /requests: lists the received requests; DELETE clears them', async () => {
    await hub(emulator, `${quota}?a=1`);
    await chat(emulator, 'no/model', { headers: { 'x-hf-bill-to': 'acme' } });
    const { json } = await admin(emulator, '/requests');
    assert.equal(json.length, 2);
    assert.deepEqual(
      [json[0].server, json[0].method, json[0].path, json[0].status, json[0].headers.authorization],
      ['hub', 'GET', `${quota}?a=1`, 200, `Bearer ${emulator.token}`],
    );
    assert.equal(json[0].host, new URL(emulator.hubUrl).host);
    assert.deepEqual(
      [json[1].status, json[1].body.model, json[1].headers['x-hf-bill-to']],
      [400, 'no/model', 'acme'],
    );
    await admin(emulator, '/requests', undefined, 'DELETE');
    assert.deepEqual(emulator.requests(), []);
  });

  it('POST /clock: sets, advances and skews the clock', async () => {
    const { json } = await admin(emulator, '/clock', {
      now: '2026-10-20T00:00:00Z',
      advanceMs: 1000,
      skewMs: 3_600_000,
    });
    assert.deepEqual(json, { now: '2026-10-20T00:00:01.000Z', rate: 0, skewMs: 3_600_000 });
    const { headers } = await hub(emulator, quota);
    assert.equal(headers.get('date'), 'Tue, 20 Oct 2026 01:00:01 GMT');
  });

  it('POST /scenario: restarts a scenario with a patch; an unknown name gets a 400', async () => {
    const { json } = await admin(emulator, '/scenario', { name: 'free', users: { bob: { canPay: true } } });
    assert.deepEqual(json, { scenario: 'free', token: 'hf_emulator_free_bob' });
    assert.equal((await hub(emulator, '/api/whoami-v2')).json.canPay, true);
    const unknown = await admin(emulator, '/scenario', { name: 'fre' });
    assert.equal(unknown.status, 400);
    assert.match(unknown.json.error, /Known: pro, free, team/);
    assert.equal((await admin(emulator, '/nothing')).status, 404);
  });

  it('POST /scenario: loads each scenario of GET /scenarios', async () => {
    const { json } = await admin(emulator, '/scenarios');
    for (const name of json) {
      const { status } = await admin(emulator, '/scenario', { name });
      assert.equal(status, 200);
      const expected = name === 'anonymous' || name === 'expired-token' ? 401 : 200;
      assert.equal((await hub(emulator, '/api/whoami-v2')).status, expected, name);
    }
  });
});
