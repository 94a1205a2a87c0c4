import assert from 'node:assert/strict';
import { ExpectedDoor } from '../../../../src/ui/gateway/expectedGateway.ts';

const key = async () => 'hf_headroom_test';

describe('where the gateway is expected', () => {
  it('is where it was, with the key that is kept, until it has been tried', async () => {
    const expected = new ExpectedDoor();
    await expected.look(4100, key);
    assert.deepEqual(expected.door, { url: 'http://127.0.0.1:4100', key: 'hf_headroom_test' });
    expected.end();
    assert.equal(expected.door, undefined);
    await expected.look(4100, key);
    assert.equal(expected.door, undefined);
  });

  it('is nowhere without a port or a key', async () => {
    const expected = new ExpectedDoor();
    await expected.look(0, key);
    await expected.look(4100, async () => undefined);
    assert.equal(expected.door, undefined);
  });

  it('is nowhere when it was tried while the key was asked for', async () => {
    const expected = new ExpectedDoor();
    const { promise, resolve } = Promise.withResolvers<string>();
    const looking = expected.look(4100, () => promise);
    expected.end();
    resolve('hf_headroom_test');
    await looking;
    assert.equal(expected.door, undefined);
  });
});
