import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type GatewayTestSetup, gatewaySetup } from './gatewaySetup.ts';
import { assertAtGroq, assertRouted, llama, routedPayers } from './payers.ts';

const run = promisify(execFile);
const chatBody = JSON.stringify({ model: llama, messages: [{ role: 'user', content: 'Say hello' }] });
const streamed = JSON.stringify({ ...JSON.parse(chatBody), stream: true });

interface CurlResponse {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

describe('gateway with curl:', () => {
  let setup: GatewayTestSetup;
  let folder: string;
  before(async function () {
    await run('curl', ['--version']).catch(() => this.skip());
  });
  beforeEach(async () => {
    setup = await gatewaySetup();
    folder = mkdtempSync(path.join(tmpdir(), 'headroom-curl-'));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true, force: true });
    await setup.close();
  });

  /** The last response that curl prints; a 100 or a redirect may come before it. */
  const curl = async (urlPath: string, ...args: string[]): Promise<CurlResponse> => {
    const { stdout } = await run(
      'curl',
      [
        '-sS',
        '-i',
        '--http1.1',
        '--max-time',
        '20',
        '-H',
        `Authorization: Bearer ${setup.key}`,
        ...args,
        setup.url + urlPath,
      ],
      { maxBuffer: 64 * 2 ** 20, encoding: 'latin1', env: { PATH: process.env.PATH } },
    );
    let rest = stdout;
    for (;;) {
      const end = rest.indexOf('\r\n\r\n');
      const headers = rest.slice(0, end);
      const body = rest.slice(end + 4);
      if (!body.startsWith('HTTP/1.1 '))
        return { status: Number(headers.split(' ')[1]), headers: headers.toLowerCase(), body };
      rest = body;
    }
  };
  const chat = (body = chatBody) =>
    curl('/v1/chat/completions', '-H', 'Content-Type: application/json', '--data-binary', body);
  const fileOf = (bytes: Buffer): { file: string; sha256: string } => {
    const file = path.join(folder, 'upload');
    writeFileSync(file, bytes);
    return { file, sha256: createHash('sha256').update(bytes).digest('hex') };
  };
  const whisper = '/router/hf-inference/models/openai/whisper-large-v3';

  for (const [profile, billTo] of Object.entries(routedPayers)) {
    it(`a completion, whole or streamed, is billed to ${profile}`, async () => {
      setup.setProfile(profile);
      const { status, body } = await chat();
      assert.equal(status, 200);
      assert.match(JSON.parse(body).choices[0].message.content, /^Hello from/);
      assertRouted(setup, billTo);
      setup.emulator.world.requests.length = 0;
      const stream = await chat(streamed);
      assert.match(stream.headers, /content-type: text\/event-stream/);
      assert.match(stream.body, /^data: \{[\s\S]*data: \[DONE\]\n\n$/);
      assertRouted(setup, billTo);
    });
  }

  it('X-HF-Session-id of the client is kept, X-HF-Bill-To is replaced', async () => {
    setup.setProfile('org:acme');
    const own = ['-H', 'X-HF-Session-id: mine', '-H', 'X-HF-Bill-To: strangers', '-H', 'X-Other: kept'];
    const { status } = await curl(
      '/v1/chat/completions',
      ...own,
      '-H',
      'Content-Type: application/json',
      '-d',
      chatBody,
    );
    assert.equal(status, 200);
    const { headers } = setup.only();
    assert.deepEqual(
      [headers['x-hf-session-id'], headers['x-hf-bill-to'], headers['x-other']],
      ['mine', 'acme', 'kept'],
    );
  });

  it('a provider key sends the request to the provider', async () => {
    setup.setProfile('key:groq');
    assert.equal((await chat(streamed)).status, 200);
    assertAtGroq(setup);
  });

  it('an upload with a length, chunked, or after 100 Continue arrives unchanged', async () => {
    const { file, sha256 } = fileOf(randomBytes(5_000_003));
    const ways = [
      ['-H', 'Expect:'],
      ['-H', 'Expect: 100-continue'],
      ['-H', 'Transfer-Encoding: chunked', '-H', 'Expect:'],
      ['-H', 'Transfer-Encoding: chunked', '-H', 'Expect: 100-continue'],
    ];
    for (const way of ways) {
      const type = ['-H', 'Content-Type: audio/flac'];
      const { status, body } = await curl(whisper, '-X', 'POST', ...type, ...way, '-T', file);
      assert.equal(status, 200, body);
      assert.equal(JSON.parse(body).text, `I heard 5000003 bytes, ${sha256}.`);
    }
    assert.deepEqual(
      setup
        .received()
        .map(({ headers }) => [headers['content-length'], headers['transfer-encoding'], headers.expect]),
      [
        ['5000003', undefined, undefined],
        ['5000003', undefined, undefined],
        [undefined, 'chunked', undefined],
        [undefined, 'chunked', undefined],
      ],
    );
  });

  it('chunked JSON is accepted, also with a provider key', async () => {
    const { file } = fileOf(Buffer.from(chatBody));
    const json = ['-H', 'Content-Type: application/json', '-H', 'Transfer-Encoding: chunked'];
    setup.setProfile('key:groq');
    assert.equal((await curl('/v1/chat/completions', ...json, '-X', 'POST', '-T', file)).status, 200);
    assertAtGroq(setup);
  });

  it('Expect: 100-continue with a wrong gateway key gets a 401 before the body', async () => {
    const { file } = fileOf(randomBytes(3_000_000));
    setup = { ...setup, key: 'hf_headroom_of_another_gateway' };
    const { status, body } = await curl(whisper, '-X', 'POST', '-H', 'Expect: 100-continue', '-T', file);
    assert.equal(status, 401, body);
    assert.match(body, /This is not the key of this gateway/);
    assert.deepEqual(setup.received(), []);
  });

  it('HEAD shows the redirect of a Hub file; a range works behind it', async () => {
    const model = '/hub/ada/bert-finetuned/resolve/main/config.json';
    const head = await curl(model, '--head');
    assert.equal(head.status, 307);
    assert.match(head.headers, /\r\nx-linked-size: 42\r\n/);
    assert.match(head.headers, /\r\nlocation: \/hub\/api\/resolve-cache\//);
    const part = await curl(model, '--location', '--range', '2-11');
    assert.deepEqual([part.status, part.body], [206, 'model_type']);
    assert.match(part.headers, /content-range: bytes 2-11\/42/);
  });

  it("a 402 has HF's text, and the cause and payer in headers", async () => {
    await setup.patch({ users: { ada: { credits: { usedNanoUsd: 2_000_000_000 } } } });
    const refused = await chat();
    assert.equal(refused.status, 402);
    assert.match(JSON.parse(refused.body).error, /^You have depleted/);
    assert.match(refused.headers, /x-headroom-cause: credits/);
    assert.match(refused.headers, /x-headroom-billed-to: personal/);
  });
});
