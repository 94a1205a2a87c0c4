import assert from 'node:assert/strict';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { decode, decodedText } from '../../../../src/gateway/relay/contentDecoding.ts';
import { mostRefusalBytes, mostWaitingDecoderBytes } from '../../../../src/limits/bounds.ts';

const encodings = [
  ['gzip', gzipSync],
  ['X-GZIP', gzipSync],
  [' deflate ', deflateSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
] as const;

describe('content decoding:', () => {
  it('every encoding of HTTP is decoded', async () => {
    assert.equal(decodedText(Buffer.from('é'), undefined, 10), 'é');
    assert.equal(decodedText(Buffer.from('é'), ' Identity', 10), 'é');
    for (const [encoding, compress] of encodings) {
      assert.equal(await decodedText(compress('é'), encoding, 10), 'é', encoding);
    }
  });

  it('a body of exactly the bound is decoded, and one of a byte more is not', async () => {
    for (const [encoding, compress] of encodings) {
      const text = 'x'.repeat(mostRefusalBytes);
      assert.equal(await decodedText(compress(text), encoding, mostRefusalBytes), text, encoding);
      assert.equal(await decodedText(compress(`${text}x`), encoding, mostRefusalBytes), '', encoding);
    }
  });

  it('a bomb passes on no more than its bound, in any encoding, whole or cut off', async () => {
    const zeros = Buffer.alloc(16 * 1024 * 1024);
    for (const [encoding, compress] of encodings) {
      const bomb = compress(zeros);
      for (const body of [bomb, bomb.subarray(0, 14), bomb.subarray(0, bomb.length / 2)]) {
        let bytes = 0;
        const isWhole = await decode(body, encoding, mostRefusalBytes, part => {
          bytes += part.length;
        });
        assert.equal(isWhole, false, encoding);
        assert.ok(bytes <= mostRefusalBytes, `${encoding}: ${bytes}`);
      }
    }
  });

  it('200 small brotli bodies that open a window of 16 MiB take the memory of a few', async () => {
    const body = brotliCompressSync(Buffer.alloc(16 * 1024 * 1024)).subarray(0, 14);
    const before = process.memoryUsage().rss;
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 1);
    await Promise.all(Array.from({ length: 200 }, () => decodedText(body, 'br', mostRefusalBytes)));
    clearInterval(watch);
    assert.ok(peak - before < 150 * 1024 * 1024, `${Math.round((peak - before) / 1024 / 1024)} MiB`);
  });

  it('bodies beyond the memory for those that wait are not read', async () => {
    const size = 1024 * 1024;
    const body = gzipSync(Buffer.alloc(size, 'words'), { level: 0 });
    const count = Math.ceil((2 * mostWaitingDecoderBytes) / size);
    const texts = await Promise.all(Array.from({ length: count }, () => decodedText(body, 'gzip', size)));
    assert.equal(texts[0]?.length, size);
    assert.equal(texts.at(-1), '');
    assert.equal((await decodedText(body, 'gzip', size)).length, size, 'later ones are');
  });

  it('any bytes under any encoding end, within the bound', async () => {
    const name = fc.oneof(
      fc.constantFrom('gzip', 'br', 'zstd', 'deflate', 'gzip, gzip, gzip', 'br,gzip', '', 'constructor'),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(name, fc.uint8Array({ maxLength: 200 }), async (encoding, bytes) => {
        const text = await decodedText(Buffer.from(bytes), encoding, 1_000);
        assert.ok(Buffer.byteLength(text) <= 3_000);
      }),
    );
  });
});
