import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { requestHead, sendRaw } from './rawClient.ts';
import { type RawUpstream, rawUpstream } from './rawUpstream.ts';
import { gatewayTo } from './testGateway.ts';

const usage = '"usage":{"prompt_tokens":12,"completion_tokens":3}';
/** Hex digits of hashes: compresses to half at best. */
const long = Array.from({ length: 3_000 }, (_, at) =>
  createHash('sha256').update(`${at}`).digest('hex'),
).join('');
const event = (text: string) => `data: ${text}\n\n`;

const answers: readonly (readonly [name: string, type: string, body: string | Buffer, encoding?: string])[] =
  [
    ['usage before a long JSON', 'application/json', `{"id":"1",${usage},"choices":["${long}"]}`],
    ['usage after a long JSON', 'application/json', `{"id":"1","choices":["${long}"],${usage}}`],
    ['usage in a compressed JSON', 'application/json', gzipSync(`{${usage},"choices":["${long}"]}`), 'gzip'],
    [
      'usage at the end of a stream',
      'text/event-stream; charset=utf-8',
      `${event(`{"text":"${long}"}`)}${event(`{${usage}}`)}${event('[DONE]')}`,
    ],
  ];

describe('gateway, recorded usage:', () => {
  let answer: (typeof answers)[number] | undefined;
  let upstream: RawUpstream;

  before(async () => {
    upstream = await rawUpstream(({ socket }) => {
      const [, type, body = '', encoding] = answer ?? [];
      const coding = encoding === undefined ? '' : `Content-Encoding: ${encoding}\r\n`;
      const size = Buffer.byteLength(body);
      const head = `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nX-Inference-Provider: groq\r\n${coding}`;
      socket.write(`${head}Content-Length: ${size}\r\n\r\n`);
      socket.write(body);
    });
  });
  after(() => upstream.close());

  for (const one of answers) {
    it(one[0], async () => {
      answer = one;
      const gateway = await gatewayTo(upstream.url);
      const headers = ['Connection: close', 'Content-Length: 0'];
      await sendRaw(gateway.port, requestHead(gateway, 'POST /v1/chat/completions', headers));
      await gateway.stop();
      const { promptTokens, completionTokens, durationMs, firstByteMs } =
        gateway.tallies.at(-1) ?? assert.fail();
      assert.deepEqual([promptTokens, completionTokens], [12, 3]);
      const isStream = one[1].startsWith('text/event-stream');
      assert.equal(firstByteMs !== undefined, isStream, `${firstByteMs}`);
      if (firstByteMs !== undefined) assert.ok(firstByteMs >= 0 && firstByteMs <= durationMs);
    });
  }
});
