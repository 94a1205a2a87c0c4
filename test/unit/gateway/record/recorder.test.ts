import assert from 'node:assert/strict';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { type EndedRequest, Recorder } from '../../../../src/gateway/record/recorder.ts';
import { UsageObservation } from '../../../../src/gateway/relay/usageObservation.ts';
import { isUncosted } from '../../../../src/ledger/tallyHours.ts';
import type { Refusal } from '../../../../src/limits/refusals/refusal.ts';
import type { RequestTally } from '../../../../src/limits/requests/requestTally.ts';

const usage = '{"usage":{"prompt_tokens":12,"completion_tokens":3}}';

function seen(chunks: readonly (string | Buffer)[], encoding?: string, first = false): UsageObservation {
  const observation = new UsageObservation(first, encoding);
  for (const chunk of chunks) observation.see(Buffer.from(chunk));
  return observation;
}

function ended(changes: Partial<EndedRequest> = {}): EndedRequest {
  return {
    at: 1,
    status: 200,
    billedTo: 'personal',
    provider: 'groq',
    model: 'acme/Model-7B',
    durationMs: 5,
    free: false,
    body: undefined,
    ...changes,
  };
}

function recording(fails = false, prepare: () => Promise<void> | undefined = () => undefined) {
  const batches: (readonly RequestTally[])[] = [];
  const refusals: Refusal[] = [];
  const lines: string[] = [];
  const timers: { readonly callback: () => void; readonly delayMs: number }[] = [];
  const recorder = new Recorder({
    ledger: {
      recordTallies: tallies => {
        if (fails) throw new Error('disk full');
        batches.push(tallies);
      },
      recordRefusals: () => {},
    },
    prices: {
      prepare,
      costNanoUsd: (provider, model, { promptTokens = 0 }) => {
        if (model === 'acme/Nameless-price') return Number.NaN;
        if (model === 'acme/Odd-price') throw new Error('odd');
        return provider === 'groq' && model === 'acme/Model-7B' ? promptTokens * 100 : undefined;
      },
      mostNanoUsd: () => undefined,
    },
    timers: {
      setTimeout: (callback, delayMs) => timers.push({ callback, delayMs }),
      clearTimeout: () => {},
    },
    log: line => lines.push(line),
    onUsed: () => {},
    onRefusal: refusal => refusals.push(refusal),
    workspace: () => 'folder',
  });
  return { recorder, batches, refusals, lines, timers };
}

describe('recorder:', () => {
  it('tallies are written after 100 ms or 250 requests', async () => {
    const { recorder, batches, timers } = recording();
    for (let at = 0; at < 600; at++) recorder.ended(ended());
    assert.deepEqual(
      batches.map(({ length }) => length),
      [250, 250],
    );
    assert.equal(timers.at(-1)?.delayMs, 100);
    timers.at(-1)?.callback();
    assert.deepEqual(
      batches.map(({ length }) => length),
      [250, 250, 100],
    );
    await recorder.flush();
    assert.equal(batches.length, 3);
  });

  it('the time to the first byte is kept for named requests', async () => {
    const { recorder, batches } = recording();
    recorder.ended(ended({ firstByteMs: 3 }));
    recorder.ended(ended());
    recorder.ended(ended({ firstByteMs: 3, billedTo: 'own-token' }));
    await recorder.flush();
    assert.deepEqual(
      batches.flat().map(({ firstByteMs }) => firstByteMs),
      [3, undefined, undefined],
    );
  });

  it('a price that throws costs its own tally the usage, and no other anything', async () => {
    const { recorder, batches, lines } = recording();
    recorder.ended(ended({ model: 'acme/Odd-price', body: seen([usage]) }));
    recorder.ended(ended({ body: seen([usage]) }));
    await recorder.flush();
    assert.deepEqual(
      batches.flat().map(({ promptTokens, costNanoUsd }) => [promptTokens, costNanoUsd]),
      [
        [undefined, undefined],
        [12, 1200],
      ],
    );
    assert.deepEqual(lines, ['gateway: usage not read: odd']);
  });

  describe('while prices load:', () => {
    const loading = () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      let prepared = 0;
      const parts = recording(false, () => {
        prepared += 1;
        return promise;
      });
      return { ...parts, resolve, prepared: () => prepared };
    };
    const due = ({ timers }: ReturnType<typeof loading>, delayMs: number) =>
      timers.findLast(timer => timer.delayMs === delayMs)?.callback();

    it('only tallies that need prices wait, and prices are requested once', async () => {
      const prices = loading();
      const { recorder, batches } = prices;
      for (let count = 0; count < 3; count++) recorder.expects();
      recorder.ended(ended({ body: seen([usage]) }));
      recorder.ended(ended({ status: 0 }));
      recorder.ended(ended({ free: true, body: seen([usage]) }));
      due(prices, 100);
      assert.deepEqual(
        batches.flat().map(({ costNanoUsd }) => costNanoUsd),
        [undefined, 0],
      );
      prices.resolve();
      await recorder.flush();
      assert.deepEqual(
        batches.flat().map(({ costNanoUsd }) => costNanoUsd),
        [undefined, 0, 1200],
      );
      assert.equal(prices.prepared(), 1);
      recorder.expects();
      assert.equal(prices.prepared(), 2);
    });

    it('tallies wait at most 3 s, at the end as well', async () => {
      const prices = loading();
      const { recorder, batches } = prices;
      recorder.expects();
      recorder.ended(ended({ body: seen([usage]) }));
      const flushed = recorder.flush();
      assert.deepEqual(batches, []);
      due(prices, 3_000);
      await flushed;
      assert.equal(batches.flat().length, 1);
    });
  });

  it('tokens and cost are read from JSON, streams and compressed bodies', async () => {
    const anthropic = [
      'event: message_start\ndata: {"message":{"usage":{"input_tokens":12,"output_tokens":1}}}\n\n',
      ...Array.from({ length: 50 }, () => 'event: content_block_delta\ndata: {}\n\n'),
      'event: message_delta\ndata: {"usage":{"output_tokens":3}}\n\n',
      'event: message_stop\ndata: {}\n\n',
    ];
    for (const body of [
      seen([usage]),
      seen([usage], 'identity'),
      seen([`{"long":"${'x'.repeat(100_000)}",`, usage.slice(1)]),
      seen(['data: {}\n\n', `data: ${usage}\n\n`, 'data: [DONE]\n\n']),
      seen([`data: ${usage.slice(0, 20)}`, `${usage.slice(20)}\n\ndata: [DONE]\n\n`]),
      seen([...`data: ${usage}\n\ndata: [DONE]\n\n`]),
      seen([`data: ${usage}\n\n`, ...Array.from({ length: 500 }, () => ': \n\n')]),
      seen([`{"long":"${'x'.repeat(100_000)}","usage":{"prompt_`, ...usage.slice(18), 'x'.repeat(9_000)]),
      seen(anthropic, undefined, true),
      seen(
        [`${usage.slice(0, -1)},"choices":["`, 'x'.repeat(40_000), 'x'.repeat(40_000), '"]}'],
        undefined,
        true,
      ),
      seen([`${usage.slice(0, -1)},"choices":["${'x'.repeat(80_000)}"]}`], undefined, true),
      seen([gzipSync(usage)], 'gzip'),
      seen([gzipSync(usage)], 'GZIP'),
      seen([brotliCompressSync(usage)], 'br'),
      seen([deflateSync(usage)], 'deflate'),
    ]) {
      const { recorder, batches } = recording();
      recorder.ended(ended({ body }));
      await recorder.flush();
      const { promptTokens, completionTokens, costNanoUsd } = batches.flat()[0] ?? {};
      assert.deepEqual([promptTokens, completionTokens, costNanoUsd], [12, 3, 1200]);
    }
  });

  it('tokens are read from zstd', async () => {
    const { recorder, batches } = recording();
    recorder.ended(ended({ body: seen([zstdCompressSync(usage)], 'zstd') }));
    await recorder.flush();
    assert.equal(batches.flat()[0]?.promptTokens, 12);
  });

  it('a long stream is kept in at most 32 KiB', () => {
    const observation = new UsageObservation(false, undefined);
    for (let at = 0; at < 10_000; at++)
      observation.see(Buffer.from(`data: ${at} ${'x'.repeat(at % 3000)}\n\n`));
    const text = String(observation.text());
    assert.ok(text.length >= 4 * 1024 && text.length <= 32 * 1024, `${text.length}`);
    assert.ok(text.endsWith(`data: 9999 ${'x'.repeat(999)}\n\n`));
  });

  it('an unsettled request gets its cost', async () => {
    const { recorder } = recording();
    const holds = [{ at: 1 }, { at: 1 }] as { at: number; costNanoUsd?: number }[];
    recorder.ended(ended({ body: seen([usage]), unsettled: holds[0] }));
    recorder.ended(ended({ body: seen(['{}']), unsettled: holds[1] }));
    await recorder.flush();
    assert.deepEqual(
      holds.map(({ costNanoUsd }) => costNanoUsd),
      [1200, undefined],
    );
  });

  it('a refusal at the end of a 200 stream is recorded', async () => {
    const { recorder, batches, refusals } = recording();
    const words = 'Rate limit reached for model `m` on tokens per minute (TPM): Limit 12000, Used 4437.';
    const error = JSON.stringify({ error: { message: words, code: 'rate_limit_exceeded' } });
    const delta = `data: ${JSON.stringify({ choices: [{ delta: { content: `{"error":"${words}"}` } }] })}\n\n`;
    recorder.ended(ended({ body: seen([delta, `data: ${error}\n\n`]) }));
    recorder.ended(ended({ body: seen([`event: error\ndata: ${error}\n\n`]) }));
    recorder.ended(ended({ body: seen([delta, 'data: [DONE]\n\n']) }));
    recorder.ended(ended({ body: seen([delta, 'data: {"error":"The model is gone"}\n\n']) }));
    recorder.ended(ended({ status: 0, body: seen([error]) }));
    await recorder.flush();
    assert.deepEqual(
      refusals.map(({ at, cause, by, billedTo, model, source }) => [at, cause, by, billedTo, model, source]),
      Array(2).fill([6, 'tokens', 'groq', 'personal', 'acme/Model-7B', 'gateway']),
    );
    assert.equal(batches.flat().length, 5);
  });

  it("a refusal at the end of a provider's stream is the provider's, whatever its words", async () => {
    const { recorder, refusals } = recording();
    const words = 'You have depleted your monthly included credits.';
    for (const provider of ['groq', 'hf-inference', undefined]) {
      recorder.ended(ended({ provider, body: seen([`data: ${JSON.stringify({ error: words })}\n\n`]) }));
    }
    await recorder.flush();
    assert.deepEqual(
      refusals.map(({ cause, by }) => `${cause} ${by}`),
      ['credits groq', 'credits huggingface', 'credits huggingface'],
    );
  });

  it('a cost that is no number is unknown', async () => {
    const { recorder, batches } = recording();
    recorder.ended(ended({ model: 'acme/Nameless-price', body: seen([usage]) }));
    recorder.ended(ended({ body: seen([usage.replace('}}', ',"estimated_cost":1e300}}')]) }));
    recorder.ended(ended({ body: seen([Buffer.from('not gzip')], 'gzip') }));
    await recorder.flush();
    assert.equal(batches.flat().length, 3);
    for (const tally of batches.flat()) {
      assert.equal(tally.costNanoUsd, undefined);
      assert.ok(isUncosted(tally));
    }
  });

  it('only what the payer is billed for counts for the workspace', async () => {
    const { recorder, batches } = recording();
    recorder.ended(ended());
    recorder.ended(ended({ provider: undefined }));
    recorder.ended(ended({ billedTo: 'own-token' }));
    await recorder.flush();
    assert.deepEqual(
      batches.flat().map(({ workspace }) => workspace),
      ['folder', undefined, undefined],
    );
  });

  it("the provider's estimated_cost is preferred; unknown values are missing", async () => {
    const { recorder, batches } = recording();
    const own = '{"usage":{"prompt_tokens":12,"completion_tokens":3,"estimated_cost":0.0000015}}';
    recorder.ended(ended({ body: seen([own]) }));
    recorder.ended(ended({ body: seen([usage]), model: 'acme/Other' }));
    recorder.ended(ended({ body: seen([usage]), provider: undefined }));
    recorder.ended(ended({ body: seen(['<html>']) }));
    recorder.ended(ended({ body: seen([Buffer.from('not gzip')], 'gzip') }));
    recorder.ended(ended({ body: seen([gzipSync(usage)], 'zstd-of-the-future') }));
    recorder.ended(ended({ status: 0 }));
    recorder.ended(ended({ free: true }));
    await recorder.flush();
    const costs = batches.flat().map(({ costNanoUsd }) => costNanoUsd);
    assert.equal(costs.length, 8);
    assert.deepEqual(
      costs.filter(cost => cost !== undefined),
      [1500, 0],
    );
    for (const tally of batches.flat()) {
      assert.ok(
        !Object.values(tally).includes(undefined as never),
        'a field is undefined instead of missing',
      );
    }
  });

  it('a ledger error is logged, and only those tallies are lost', async () => {
    const { recorder, lines } = recording(true);
    recorder.ended(ended());
    await recorder.flush();
    assert.deepEqual(lines, ['gateway: not written to the ledger: disk full']);
  });
});
