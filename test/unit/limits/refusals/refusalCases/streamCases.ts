import type { Refusal } from '../../../../../src/limits/refusals/refusal.ts';
import { at } from './refusalCase.ts';

/** An event of a stream that began with 200, and its expected refusal. */
export interface StreamCase {
  readonly name: string;
  readonly event: string;
  readonly expected: Partial<Refusal> | undefined;
}

export const streamCases: readonly StreamCase[] = [
  {
    name: "HF's empty credits, with the line's name",
    event: 'data: {"error":"You have depleted your monthly included credits. Purchase pre-paid credits"}\n\n',
    expected: { status: 200, cause: 'credits', by: 'huggingface' },
  },
  {
    name: "Groq's tokens, with the status that the error names",
    event: JSON.stringify({
      error: {
        message:
          'Rate limit reached for model `m` service tier `on_demand` on tokens per minute (TPM): Limit 12000, Used 12000, Requested 1. Please try again in 5ms.',
        type: 'tokens',
        code: 429,
      },
    }),
    expected: { status: 429, cause: 'tokens', by: 'groq', remaining: 0, resetsAt: at + 5 },
  },
  {
    name: 'a bare 429',
    event: '{"error":{"message":"Try later","status":429}}',
    expected: { status: 429, cause: 'unknown', message: 'Try later' },
  },
  {
    name: "Anthropic's form, of a full platform",
    event:
      'event: error\r\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\r\n',
    expected: { cause: 'capacity' },
  },
  {
    name: "Cerebras's flat form",
    event:
      '{"message":"Tokens per minute limit exceeded - too many tokens processed.","code":"token_quota_exceeded"}',
    expected: { cause: 'tokens', by: 'cerebras', scope: 'tokens per minute' },
  },
  {
    name: 'an event of errors that is no JSON',
    event: 'event: error\ndata: Rate limit exceeded, try again in 20 seconds',
    expected: { cause: 'rate', resetsAt: at + 20_000 },
  },
  {
    name: "a Space's queue",
    event:
      'data: {"msg":"process_completed","output":{"error":"You have exceeded your free ZeroGPU quota (120s requested vs. 0s left). Try again in 23:14:07"},"success":false}',
    expected: {
      cause: 'quota',
      by: 'huggingface',
      scope: 'ZeroGPU',
      remaining: 0,
      resetsAt: at + 83_647_000,
    },
  },
  {
    name: 'a server error',
    event: 'data: {"error":{"message":"Internal server error","type":"server_error","code":500}}',
    expected: undefined,
  },
  {
    name: 'a chunk in which a model writes about limits',
    event: 'data: {"id":"c1","choices":[{"delta":{"content":"exceeded the rate limit for x (1 per day)"}}]}',
    expected: undefined,
  },
  { name: 'the end', event: 'data: [DONE]', expected: undefined },
];
