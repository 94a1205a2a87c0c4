import assert from 'node:assert/strict';
import fc from 'fast-check';
import { newGatewayKey } from '../../src/gateway/gatewayKey.ts';
import { anyChange } from '../unit/limits/refusals/changedKeys.ts';
import { sendRaw } from './rawClient.ts';
import { type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { gatewayTo, type TestGateway } from './testGateway.ts';

const anthropics = 'sk-ant-api03-of-the-developer';
const body = JSON.stringify({ model: 'acme/Model-7B', messages: [] });
const paths = [
  '/v1/chat/completions',
  '/v1/messages',
  '/messages',
  '/router/groq/v1/chat',
  '/hub/api/whoami-v2',
];

describe("two windows' gateways, one billed to acme and one to the developer:", () => {
  let upstream: RawUpstream;
  /** Billed to acme. */
  let acmes: TestGateway;
  let personal: TestGateway;
  before(async () => {
    upstream = await rawUpstream(({ socket }) => socket.write(response(200)));
    acmes = await gatewayTo(upstream.url, {
      key: newGatewayKey(),
      config: { profile: { kind: 'organization', name: 'acme' } },
    });
    personal = await gatewayTo(upstream.url, { key: newGatewayKey() });
  });
  beforeEach(() => {
    upstream.requests.length = 0;
  });
  after(async () => {
    await Promise.all([acmes.stop(), personal.stop()]);
    await upstream.close();
  });

  async function ask({ port }: TestGateway, path: string, headers: readonly string[]) {
    const lines = [
      `POST ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      ...headers,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      'Connection: close',
    ];
    const answer = await sendRaw(port, `${lines.join('\r\n')}\r\n\r\n${body}`);
    return { status: Number(answer.slice(9, 12)), answer };
  }
  const bearer = (credential: string) => `Authorization: Bearer ${credential}`;
  const apiKey = (credential: string) => `x-api-key: ${credential}`;
  const billedTo = () => upstream.requests.map(({ head }) => /^x-hf-bill-to: (.*)$/im.exec(head)?.[1]);

  it('each bills its own payer for its own key', async () => {
    assert.equal((await ask(acmes, '/v1/chat/completions', [bearer(acmes.key)])).status, 200);
    assert.equal((await ask(personal, '/v1/messages', [apiKey(personal.key)])).status, 200);
    assert.deepEqual(billedTo(), ['acme', undefined]);
  });

  for (const path of paths) {
    it(`neither takes the other's key: ${path}`, async () => {
      for (const [gateway, other] of [
        [acmes, personal],
        [personal, acmes],
      ] as const) {
        for (const headers of [
          [bearer(other.key)],
          [apiKey(other.key)],
          [bearer(other.key), apiKey(anthropics)],
          [bearer(anthropics), apiKey(other.key)],
          [bearer(other.key), apiKey(gateway.key)],
          [bearer(gateway.key), apiKey(other.key)],
          [bearer('hf_callersOwn'), apiKey(other.key)],
        ]) {
          const { status, answer } = await ask(gateway, path, headers);
          assert.equal(status, 401, headers.join());
          assert.match(answer, /This key belongs to another gateway of Headroom: .* open a new terminal/);
          assert.match(answer, /key_of_another_gateway/);
          assert.ok(!answer.includes(other.key));
        }
      }
      assert.deepEqual(upstream.requests, []);
    });
  }

  it('no change of either key reaches Hugging Face', async () => {
    const isHeader = (text: string) => /^[\x20-\x7e\xa0-\xff]+$/.test(text);
    await fc.assert(
      fc.asyncProperty(
        anyChange,
        fc.constantFrom(...paths),
        fc.boolean(),
        fc.constantFrom(bearer, apiKey),
        async (change, path, isOwn, header) => {
          const changed = change((isOwn ? acmes : personal).key);
          fc.pre(isHeader(changed) && changed.trim() !== acmes.key);
          const { status } = await ask(acmes, path, [header(changed)]);
          assert.equal(status, 401, changed);
          assert.deepEqual(upstream.requests, []);
        },
      ),
      { numRuns: 400 },
    );
  });

  it("a key beside a program's own token goes nowhere", async () => {
    const headers = [bearer('hf_callersOwn'), `api-key: ${personal.key}`, `X-Other: ${acmes.key}`];
    assert.equal((await ask(acmes, '/v1/chat/completions', headers)).status, 200);
    const [{ head } = { head: '' }] = upstream.requests;
    assert.match(head, /^authorization: Bearer hf_callersOwn$/m);
    assert.doesNotMatch(head, /headroom|api-key|x-other/i);
  });
});
