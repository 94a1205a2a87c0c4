import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type TokenUsage, tokenUsageIn } from '../../../../src/limits/requests/tokenUsage.ts';

function events(...data: readonly unknown[]): string {
  return [...data.map(event => `data: ${JSON.stringify(event)}\n\n`), 'data: [DONE]\n\n'].join('');
}

const cases: Readonly<Record<string, readonly [body: string, usage: TokenUsage]>> = {
  'a chat completion': [
    JSON.stringify({
      choices: [{ message: { content: 'Hi' } }],
      usage: {
        prompt_tokens: 12,
        completion_tokens: 3,
        total_tokens: 15,
        prompt_tokens_details: { cached_tokens: 8 },
      },
    }),
    { promptTokens: 12, completionTokens: 3 },
  ],
  'a chat stream with the usage in an event of its own (Groq)': [
    events(
      { choices: [{ delta: { content: 'Hi' } }], usage: null },
      { choices: [], usage: { queue_time: 0.01, prompt_tokens: 12, completion_tokens: 3, total_time: 0.2 } },
    ),
    { promptTokens: 12, completionTokens: 3 },
  ],
  'a chat stream with the usage in the last chunk and null after it': [
    events(
      { choices: [{ delta: {}, finish_reason: 'stop' }], usage: { prompt_tokens: 1, completion_tokens: 2 } },
      { choices: [], usage: null },
    ),
    { promptTokens: 1, completionTokens: 2 },
  ],
  'a chat stream whose usage grows with each chunk': [
    events(
      { choices: [], usage: { prompt_tokens: 12, completion_tokens: 1 } },
      { choices: [], usage: { prompt_tokens: 12, completion_tokens: 2 } },
    ),
    { promptTokens: 12, completionTokens: 2 },
  ],
  "DeepInfra's cost": [
    JSON.stringify({ usage: { prompt_tokens: 12, completion_tokens: 3, estimated_cost: 0.00000184 } }),
    { promptTokens: 12, completionTokens: 3, costUsd: 0.00000184 },
  ],
  'a response': [
    JSON.stringify(
      {
        output: [],
        usage: {
          input_tokens: 20,
          input_tokens_details: { cached_tokens: 6 },
          output_tokens: 5,
          output_tokens_details: { reasoning_tokens: 2 },
          total_tokens: 25,
        },
        metadata: {},
      },
      null,
      2,
    ),
    { promptTokens: 20, completionTokens: 5 },
  ],
  'a stream of a response': [
    events(
      { type: 'response.created', response: { usage: null } },
      { type: 'response.completed', response: { usage: { input_tokens: 20, output_tokens: 5 }, user: null } },
    ),
    { promptTokens: 20, completionTokens: 5 },
  ],
  "a message of Anthropic's": [
    JSON.stringify({
      usage: {
        input_tokens: 7,
        cache_creation_input_tokens: 2,
        cache_read_input_tokens: 11,
        output_tokens: 4,
        cache_creation: { ephemeral_5m_input_tokens: 2 },
        service_tier: 'standard',
      },
    }),
    { promptTokens: 20, completionTokens: 4 },
  ],
  "a stream of Anthropic's message": [
    events(
      {
        type: 'message_start',
        message: { usage: { input_tokens: 25, cache_read_input_tokens: 5, output_tokens: 1 } },
      },
      { type: 'content_block_delta', delta: { type: 'text_delta', text: 'Hi' } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 15 } },
      { type: 'message_stop' },
    ),
    { promptTokens: 30, completionTokens: 15 },
  ],
  'an embedding': [
    JSON.stringify({ data: [{ embedding: [0.1] }], usage: { prompt_tokens: 8, total_tokens: 8 } }),
    { promptTokens: 8, completionTokens: 0 },
  ],
};

describe('token usage', () => {
  for (const [name, [body, usage]] of Object.entries(cases)) {
    it(`is found in ${name}`, () => {
      assert.deepEqual(tokenUsageIn(body), usage);
    });
  }

  it('is found at the end of a body cut anywhere before it', () => {
    for (const [body, usage] of Object.values(cases)) {
      const start = body.lastIndexOf('"usage":', body.length - 1);
      if (body.includes('message_start') || body.slice(start + 8, start + 12) === 'null') continue;
      for (let at = 0; at <= start; at += 1) assert.deepEqual(tokenUsageIn(body.slice(at)), usage);
    }
  });

  it("is not read from a model's words or a tool's arguments", () => {
    const said = '{"usage":{"prompt_tokens":999,"completion_tokens":999}}';
    const body = {
      usage: { prompt_tokens: 1, completion_tokens: 2 },
      choices: [{ message: { content: said } }],
    };
    assert.deepEqual(tokenUsageIn(JSON.stringify(body)), { promptTokens: 1, completionTokens: 2 });
    assert.equal(tokenUsageIn(JSON.stringify({ choices: [{ message: { content: said } }] })), undefined);
  });

  it('is undefined when missing, never 0', () => {
    const nothing = [
      '',
      '"usage"',
      '{"usage":null}',
      '{"usage":[]}',
      '{"usage":7}',
      '{"usage":{}}',
      '{"usage":{',
    ];
    for (const body of nothing) assert.equal(tokenUsageIn(body), undefined, body);
    for (const count of ['"12"', '-1', '1.5', 'null', '1e400', '9007199254740992']) {
      const body = `{"usage":{"prompt_tokens":${count},"completion_tokens":3}}`;
      assert.deepEqual(tokenUsageIn(body), { completionTokens: 3 }, body);
    }
  });

  it('is ignored when it is cut', () => {
    const [body] = cases['a chat completion'] ?? assert.fail();
    assert.equal(tokenUsageIn(body.slice(0, -4)), undefined);
  });

  it('never throws, and has only counts and an amount', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom(
        '"usage"',
        ':',
        '{',
        '}',
        '"',
        '\\',
        'null',
        '"usage":{',
        '"prompt_tokens":1',
        ',',
        ' ',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), pieces => {
        const usage = tokenUsageIn(pieces.join(''));
        for (const [name, value] of Object.entries(usage ?? {})) {
          assert.ok(value >= 0 && Number.isFinite(value), name);
          if (name !== 'costUsd') assert.ok(Number.isSafeInteger(value), name);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('is found beside any other fields', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ maxLength: 20 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 5 }),
        extra => {
          const usage = { ...extra, prompt_tokens: 12, completion_tokens: 3 };
          fc.pre(JSON.stringify(usage).length < 4096 && !('usage' in extra));
          const found = tokenUsageIn(events({ choices: [], usage }));
          assert.equal(found?.completionTokens, 3);
          assert.ok((found?.promptTokens ?? 0) >= 12);
        },
      ),
    );
  });

  it('takes bounded time in a hostile body', () => {
    const startedAt = performance.now();
    tokenUsageIn('"usage":{'.repeat(10_000));
    tokenUsageIn('"usage":null,'.repeat(10_000));
    assert.ok(performance.now() - startedAt < 500);
  });
});
