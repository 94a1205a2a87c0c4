import { randomUUID } from 'node:crypto';
import type { Offer } from './catalogue.ts';

/** What a model said, before it takes the form of an API. */
export interface Completion {
  readonly id: string;
  /** Epoch seconds. */
  readonly created: number;
  readonly model: string;
  readonly provider: string;
  readonly words: readonly string[];
  readonly finish: 'stop' | 'length';
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly estimatedUsd: number;
}

/** A deterministic answer: one token a word, and four characters a token of what was asked. */
export function complete(
  offer: Offer,
  model: string,
  prompt: unknown,
  maxTokens: number,
  nowMs: number,
): Completion {
  const promptTokens = promptTokensOf(prompt);
  const all =
    `Hello from ${model} served by ${offer.provider}. This is the emulator speaking, one word at a time.`.split(
      /(?<= )/,
    );
  const words = all.slice(0, Math.max(1, maxTokens));
  const { input = 0, output = 0 } = offer.pricing ?? {};
  return {
    id: `chatcmpl-${randomUUID()}`,
    created: Math.floor(nowMs / 1000),
    model,
    provider: offer.provider,
    words,
    finish: words.length < all.length ? 'length' : 'stop',
    promptTokens,
    completionTokens: words.length,
    estimatedUsd: (promptTokens * input + words.length * output) / 1e6,
  };
}

export function promptTokensOf(prompt: unknown): number {
  return Math.max(1, Math.ceil(JSON.stringify(prompt ?? '').length / 4));
}

/** `usage` in the provider's own shape. */
export function usageOf({
  provider,
  promptTokens,
  completionTokens,
  estimatedUsd,
}: Completion): Record<string, unknown> {
  const usage = {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
  switch (provider) {
    case 'groq':
      return { queue_time: 0.018, prompt_time: 0.001, completion_time: 0.03, total_time: 0.031, ...usage };
    case 'together':
    case 'featherless-ai':
      return { ...usage, cached_tokens: 0 };
    case 'deepinfra':
      return { ...usage, prompt_tokens_details: null, estimated_cost: estimatedUsd };
    default:
      return { ...usage, prompt_tokens_details: { cached_tokens: 0 } };
  }
}

export function chatCompletion(completion: Completion): unknown {
  const { id, created, model, words, finish } = completion;
  return {
    id,
    object: 'chat.completion',
    created,
    model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: words.join('') },
        finish_reason: finish,
        logprobs: null,
      },
    ],
    usage: usageOf(completion),
  };
}

/** Chunks of a chat stream, with the usage where the provider puts it. */
export function* chatChunks(completion: Completion, includeUsage: boolean): Generator<unknown> {
  const { id, created, model, words, finish, provider } = completion;
  const chunk = (delta: unknown, finish_reason: string | null = null) => ({
    id,
    object: 'chat.completion.chunk',
    created,
    model,
    choices: [{ index: 0, delta, finish_reason }],
  });
  yield chunk({ role: 'assistant', content: '' });
  for (const content of words) yield chunk({ content });
  const onFinish = provider === 'zai-org' || provider === 'together';
  yield { ...chunk({}, finish), ...(onFinish && { usage: usageOf(completion) }) };
  if (includeUsage && !onFinish)
    yield { id, object: 'chat.completion.chunk', created, model, choices: [], usage: usageOf(completion) };
  // Not every provider says that it is done.
  if (provider !== 'publicai') yield '[DONE]';
}
