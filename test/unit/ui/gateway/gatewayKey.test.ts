import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { hasKeyForm, newGatewayKey } from '../../../../src/gateway/gatewayKey.ts';
import { maxGatewayKeys } from '../../../../src/limits/bounds.ts';
import { GatewayKey } from '../../../../src/ui/gateway/gatewayKey.ts';

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Secret storage and global state of one installation. */
function anInstallation() {
  const kept = new Map<string, string>();
  const states = new Map<string, unknown>();
  return {
    kept,
    names: () => [...kept.keys()].sort(),
    log: silent,
    secrets: {
      get: async (name: string) => kept.get(name),
      store: async (name: string, value: string) => void kept.set(name, value),
      delete: async (name: string) => void kept.delete(name),
      keys: async () => [...kept.keys()],
    },
    state: {
      get: (name: string) => states.get(name),
      update: async (name: string, value: unknown) => void states.set(name, value),
    },
  };
}

describe('GatewayKey', () => {
  let installation: ReturnType<typeof anInstallation>;
  const windowOf = (workspace?: string) => new GatewayKey({ ...installation, workspace });
  /** Opens a window, starts its gateway, and waits until it has tidied up. */
  const opened = async (workspace?: string) => {
    const key = await windowOf(workspace).get();
    for (let turns = 0; turns < 5; turns++) await turn();
    return key;
  };
  beforeEach(() => {
    installation = anInstallation();
  });

  it('is made once for a workspace, and kept for its next session', async () => {
    const keys = windowOf('a1');
    assert.equal(await keys.known(), undefined);
    const key = await keys.get();
    assert.ok(hasKeyForm(key));
    assert.equal(await keys.get(), key);
    assert.equal(await windowOf('a1').known(), key);
  });

  it('differs between workspaces, and from that of windows without a folder', async () => {
    const keys = [await opened('a1'), await opened('b2'), await opened()];
    assert.equal(new Set(keys).size, 3);
    assert.deepEqual([await opened('a1'), await opened('b2'), await opened()], keys);
  });

  it('is the same for two windows of a workspace that make one at the same time', async () => {
    const [one, other] = [windowOf('a1'), windowOf('a1')];
    const keys = await Promise.all([one.get(), other.get()]);
    assert.deepEqual(keys, [installation.kept.get(one.secret), installation.kept.get(one.secret)]);
  });

  it('renewed: another one for this workspace, and the same one for the others', async () => {
    const keys = windowOf('a1');
    const [here, elsewhere] = [await keys.get(), await opened('b2')];
    await keys.renew();
    assert.notEqual(await keys.get(), here);
    assert.equal(await keys.get(), await windowOf('a1').known());
    assert.equal(await windowOf('b2').known(), elsewhere);
  });

  it('is never the one key that all windows of earlier versions had, which is deleted', async () => {
    const shared = newGatewayKey();
    installation.kept.set('headroom.gatewayKey', shared);
    assert.notEqual(await opened('a1'), shared);
    assert.deepEqual(installation.names(), ['headroom.gatewayKey.a1']);
  });

  it('is renewed when it has no mark by which other gateways recognize it', async () => {
    const old = `hf_headroom_${'k'.repeat(32)}`;
    installation.kept.set('headroom.gatewayKey.a1', old);
    assert.equal(await windowOf('a1').known(), undefined);
    const key = await opened('a1');
    assert.notEqual(key, old);
    assert.equal(await opened('a1'), key);
  });

  it('is kept for the workspaces that were used last, and other secrets stay', async () => {
    installation.kept.set('headroom.token.ada', 'hf_ada');
    const first = await opened('first');
    const second = await opened('second');
    for (let number = 2; number < maxGatewayKeys; number++) await opened(`other-${number}`);
    assert.equal(await opened('first'), first);
    await opened('one-more');
    assert.equal(installation.kept.size, maxGatewayKeys + 1);
    assert.equal(installation.kept.get('headroom.token.ada'), 'hf_ada');
    assert.equal(await windowOf('first').known(), first);
    assert.equal(await windowOf('second').known(), undefined);
    assert.notEqual(await opened('second'), second);
  });

  it('unreadable state: the keys are still bounded', async () => {
    installation.state.get = () => ({ not: 'a list' });
    for (let number = 0; number < maxGatewayKeys + 5; number++) await opened(`w${number}`);
    assert.equal(installation.kept.size, maxGatewayKeys);
  });

  it('stays the same in a window whose storage fails', async () => {
    const fails = () => Promise.reject(new Error('locked'));
    Object.assign(installation.secrets, { get: fails, store: fails, delete: fails, keys: fails });
    const keys = windowOf('a1');
    const key = await keys.get();
    assert.equal(await keys.get(), key);
    assert.equal(await keys.known(), key);
    await keys.renew();
    assert.notEqual(await keys.get(), key);
  });
});
