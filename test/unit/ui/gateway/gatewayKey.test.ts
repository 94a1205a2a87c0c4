import assert from 'node:assert/strict';
import { GatewayKey, gatewayKeySecret } from '../../../../src/ui/gateway/gatewayKey.ts';

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

function aStorage() {
  const kept = new Map<string, string>();
  return {
    kept,
    get: async (name: string) => kept.get(name),
    store: async (name: string, value: string) => void kept.set(name, value),
  };
}

describe('GatewayKey', () => {
  it('is made once and stored', async () => {
    const storage = aStorage();
    const keys = new GatewayKey(storage, silent);
    assert.equal(await keys.known(), undefined);
    const key = await keys.get();
    assert.match(key, /^hf_headroom_[\w-]{32}$/);
    assert.equal(await keys.get(), key);
    assert.equal(await new GatewayKey(storage, silent).known(), key);
  });

  it('is the same for two windows that make one at the same time', async () => {
    const storage = aStorage();
    const [one, other] = [new GatewayKey(storage, silent), new GatewayKey(storage, silent)];
    const keys = await Promise.all([one.get(), other.get()]);
    assert.deepEqual(keys, [storage.kept.get(gatewayKeySecret), storage.kept.get(gatewayKeySecret)]);
  });

  it('stays the same in a window whose storage fails', async () => {
    const broken = {
      get: () => Promise.reject(new Error('locked')),
      store: () => Promise.reject(new Error('locked')),
    };
    const keys = new GatewayKey(broken, silent);
    const key = await keys.get();
    assert.equal(await keys.get(), key);
    assert.equal(await keys.known(), key);
    await keys.renew();
    assert.notEqual(await keys.get(), key);
  });

  it('differs after renew', async () => {
    const keys = new GatewayKey(aStorage(), silent);
    const key = await keys.get();
    await keys.renew();
    assert.notEqual(await keys.get(), key);
    assert.equal(await keys.get(), await keys.known());
  });
});
