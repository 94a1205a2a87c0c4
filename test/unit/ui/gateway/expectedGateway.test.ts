import assert from 'node:assert/strict';
import { ExpectedGateway } from '../../../../src/ui/gateway/expectedGateway.ts';

const key = async () => 'hf_headroom_test';

describe('ExpectedGateway', () => {
  it('has the remembered address and key until the gateway is tried', async () => {
    const expected = new ExpectedGateway();
    await expected.look(4100, 4101, key);
    assert.deepEqual(expected.address, {
      url: 'http://127.0.0.1:4100',
      hub: 'http://127.0.0.1:4101',
      key: 'hf_headroom_test',
    });
    expected.end();
    assert.equal(expected.address, undefined);
    await expected.look(4100, 4101, key);
    assert.equal(expected.address, undefined);
  });

  it('serves the Hub below /hub until a second port is remembered', async () => {
    const expected = new ExpectedGateway();
    await expected.look(4100, 0, key);
    assert.equal(expected.address?.hub, 'http://127.0.0.1:4100/hub');
  });

  it('has no address without a port or a key', async () => {
    const expected = new ExpectedGateway();
    await expected.look(0, 0, key);
    await expected.look(4100, 4101, async () => undefined);
    assert.equal(expected.address, undefined);
  });

  it('has no address when the gateway is tried while the key is read', async () => {
    const expected = new ExpectedGateway();
    const { promise, resolve } = Promise.withResolvers<string>();
    const looking = expected.look(4100, 4101, () => promise);
    expected.end();
    resolve('hf_headroom_test');
    await looking;
    assert.equal(expected.address, undefined);
  });
});
