import assert from 'node:assert/strict';
import { openMemoryLedger } from '../../src/ledger/openLedger.ts';
import { countOf } from '../../src/limits/refusals/refusal.ts';
import { type RawUpstream, rawUpstream } from './rawUpstream.ts';
import { gatewayTo, type TestGateway } from './testGateway.ts';

const ownToken = 'hf_ownownownownownownownownownownown';
const answered = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
const refused = 'HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3000\r\nContent-Type: application/json\r\n';

describe('what callers can vary does not grow the ledger:', () => {
  let upstream: RawUpstream;
  let head = answered;

  before(async () => {
    upstream = await rawUpstream(({ socket }) => {
      const body =
        head === answered
          ? '{"usage":{"prompt_tokens":10,"completion_tokens":5}}'
          : '{"error":"Too many requests"}';
      socket.write(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
  });
  after(() => upstream.close());

  async function send(gateway: TestGateway, credential: string, model: string): Promise<number> {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: [] }),
    });
    await response.arrayBuffer();
    return response.status;
  }

  it('requests with a caller’s own token are one sum without names, and keep their tokens', async () => {
    head = answered;
    const ledger = openMemoryLedger({ now: Date.now });
    const gateway = await gatewayTo(upstream.url, {
      ledger: { recordTallies: tallies => ledger.recordTallies(tallies) },
    });
    for (let index = 0; index < 40; index++) await send(gateway, ownToken, `acme/${index}`);
    await send(gateway, gateway.key, 'acme/keyed');
    await gateway.stop();
    const totals = ledger.tallyTotals(0);
    assert.equal(
      totals.reduce((sum, { requests }) => sum + requests, 0),
      41,
    );
    const own = totals.filter(({ billedTo }) => billedTo === 'own-token');
    assert.ok(own.length <= 2, 'one for each hour that the test saw');
    assert.ok(own.every(({ model, provider }) => model === undefined && provider === undefined));
    assert.equal(
      own.reduce((sum, { promptTokens }) => sum + promptTokens, 0),
      400,
    );
    assert.ok(totals.some(({ model }) => model === 'acme/keyed'));
  });

  it('refusals of one limit are a row with their number, and so are the gateway’s own', async () => {
    head = refused;
    const ledger = openMemoryLedger({ now: Date.now });
    const gateway = await gatewayTo(upstream.url, {
      config: { longestWaitMs: 1_000 },
      ledger: { recordRefusals: refusals => ledger.recordRefusals(refusals) },
    });
    for (let index = 0; index < 40; index++) {
      assert.equal(await send(gateway, gateway.key, 'acme/model'), 429);
    }
    await gateway.stop();
    const rows = ledger.lastRefusals(99);
    assert.equal(
      rows.reduce((sum, row) => sum + countOf(row), 0),
      40,
    );
    assert.ok(rows.length <= 2, 'the server’s and the gateway’s');
    assert.match(rows[0]?.message ?? '', /^Not sent by Headroom's gateway/);
  });
});
