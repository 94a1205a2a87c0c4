import { randomUUID } from 'node:crypto';
import type { Offer } from '../catalogue.ts';

/** A model's answer, before an API formats it. */
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

/** A deterministic completion: each word is one token, each 4 characters of the prompt are one token. */
export function complete(
  { provider, pricing }: Pick<Offer, 'provider' | 'pricing'>,
  model: string,
  prompt: unknown,
  maxTokens: number,
  nowMs: number,
): Completion {
  const promptTokens = promptTokensOf(prompt);
  const all =
    `Hello from ${model} served by ${provider}. This is the emulator speaking, one word at a time.`.split(
      /(?<= )/,
    );
  const words = all.slice(0, Math.max(1, maxTokens));
  const { input = 0, output = 0 } = pricing ?? {};
  return {
    id: `chatcmpl-${randomUUID()}`,
    created: Math.floor(nowMs / 1000),
    model,
    provider,
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
