import assert from 'node:assert/strict';
import { AnswerRig } from './answers/answerRig.ts';
import { close, type OddCase, stay, toHead, toOldClient } from './answers/oddCase.ts';
import { rawClient, requestHead, sendRaw } from './rawClient.ts';
import { type RawRequest, type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { gatewayTo, type TestGateway } from './testGateway.ts';

/** UTF-8, Latin-1 and what is neither, a character for each byte. */
const latin = 'caf\xc3\xa9 \xe9 \xff\x80';
const head = (status: number, framing: string) =>
  `HTTP/1.1 ${status} OK\r\nX-Latin: ${latin}\r\n${framing}\r\n`;

type Row = Pick<OddCase, 'name' | 'answer' | 'caller'>;
const chunks = 'transfer-encoding: chunked\r\n';
const framed: readonly Row[] = [
  { name: 'a short body', answer: stay(`${head(200, 'content-length: 2\r\n')}{}`) },
  { name: 'no body', answer: stay(head(200, 'content-length: 0\r\n')) },
  { name: 'a 204', answer: stay(head(204, '')) },
  { name: 'a 304', answer: stay(head(304, '')) },
  { name: 'a HEAD', answer: stay(head(200, 'content-length: 2\r\n')), caller: toHead },
  { name: 'a HEAD of a stream', answer: stay(head(200, chunks)), caller: toHead },
  { name: 'a long body', answer: stay(`${head(200, 'content-length: 20000\r\n')}${'x'.repeat(20_000)}`) },
  { name: 'a body to the end of the connection', answer: close(`${head(200, '')}{}`) },
  {
    name: 'chunks for HTTP/1.0',
    answer: stay(`${head(200, chunks)}2\r\n{}\r\n0\r\n\r\n`),
    caller: toOldClient,
  },
  { name: 'chunks without a body', answer: stay(`${head(200, chunks)}0\r\n\r\n`) },
  { name: 'a refusal', answer: stay(`${head(429, 'content-length: 2\r\n')}{}`) },
  { name: 'a refusal in chunks', answer: stay(`${head(402, chunks)}2\r\n{}\r\n0\r\n\r\n`) },
  {
    name: 'a body that comes in two parts',
    answer: { parts: [`${head(200, 'content-length: 2\r\n')}{`, '}'], end: 'stay' },
  },
];

describe('gateway, header bytes above 0x7f:', () => {
  let answer: (request: RawRequest) => void;
  let upstream: RawUpstream;
  let gateway: TestGateway;
  let rig: AnswerRig;
  before(async () => {
    rig = await AnswerRig.start();
    upstream = await rawUpstream(request => answer(request));
    gateway = await gatewayTo(upstream.url);
  });
  after(async () => {
    await rig.stop();
    await gateway.stop();
    await upstream.close();
  });

  for (const { name, answer, caller } of framed) {
    it(`arrive as they were sent: ${name}`, async () => {
      const { bytes, isWhole } = await rig.meet(answer, caller);
      assert.ok(isWhole);
      assert.match(bytes.toString('latin1'), new RegExp(`^X-Latin: ${latin}\r$`, 'm'));
    });
  }

  it('arrive as they were sent when the head goes out before the body', async () => {
    const rest = Promise.withResolvers<void>();
    answer = ({ socket }) => {
      socket.write(head(200, `content-type: text/event-stream\r\n${chunks}`), 'latin1');
      void rest.promise.then(() => socket.write('2\r\n{}\r\n0\r\n\r\n'));
    };
    const client = await rawClient(gateway.port);
    client.write(requestHead(gateway, 'GET /v1/models'));
    const before = (await client.until('\r\n\r\n')).toString('latin1');
    assert.match(before, new RegExp(`^X-Latin: ${latin}\r$`, 'm'));
    rest.resolve();
    await client.until('0\r\n\r\n');
    client.socket.destroy();
  });

  it('of trailers arrive as they were sent, also those of a refusal', async () => {
    const bodies = ['{}', 'z'.repeat(70_000)];
    for (const [status, body] of [200, 402, 429, 503].flatMap(code =>
      bodies.map(text => [code, text] as const),
    )) {
      const { trailers } = await rig.meet(
        stay(
          `HTTP/1.1 ${status} OK\r\n${chunks}trailer: X-Sum\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\nX-Sum: ${latin}\r\n\r\n`,
        ),
      );
      assert.equal(trailers, `X-Sum: ${latin}\r\n\r\n`, String(status));
    }
  });

  for (const [name, headers, body] of [
    ['no body', ['Content-Length: 0'], ''],
    ['a kept body', ['Content-Type: application/json', 'Content-Length: 2'], '{}'],
    ['a streamed body', ['Content-Type: audio/wav', 'Content-Length: 2'], 'ab'],
    ['chunks', ['Content-Type: audio/wav', 'Transfer-Encoding: chunked'], '2\r\nab\r\n0\r\n\r\n'],
  ] as const) {
    it(`of a request and its path arrive as they were sent: ${name}`, async () => {
      answer = ({ socket }) => socket.write(response(200));
      await sendRaw(
        gateway.port,
        Buffer.from(
          requestHead(gateway, 'POST /v1/caf%C3%A9?q=%ff', [
            `X-Latin: ${latin}`,
            'Connection: close',
            ...headers,
          ]) + body,
          'latin1',
        ),
      );
      const request = upstream.requests.at(-1)?.head ?? '';
      assert.match(request, new RegExp(`^X-Latin: ${latin}\r?$`, 'm'));
      assert.match(request, /^POST \/v1\/caf%C3%A9\?q=%ff HTTP/);
    });
  }
});
