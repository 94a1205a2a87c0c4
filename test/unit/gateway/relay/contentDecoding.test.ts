import assert from 'node:assert/strict';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { decodedText } from '../../../../src/gateway/relay/contentDecoding.ts';

describe('content decoding:', () => {
  it('every encoding of HTTP is decoded', async () => {
    assert.equal(decodedText(Buffer.from('é'), undefined, 10), 'é');
    assert.equal(decodedText(Buffer.from('é'), 'identity', 10), 'é');
    for (const [encoding, compress] of [
      ['gzip', gzipSync],
      ['X-GZIP', gzipSync],
      ['deflate', deflateSync],
      ['br', brotliCompressSync],
      ['zstd', zstdCompressSync],
    ] as const) {
      assert.equal(await decodedText(compress('é'), encoding, 10), 'é', encoding);
    }
  });

  it('a compression bomb, invalid data and an unknown encoding are not decoded', async () => {
    assert.equal(await decodedText(gzipSync(Buffer.alloc(8_000_000)), 'gzip', 64 * 1024), '');
    assert.equal(await decodedText(Buffer.from('a'), 'gzip', 10), '');
    assert.equal(await decodedText(Buffer.from('a'), 'zstd-of-the-future', 10), '');
  });
});
