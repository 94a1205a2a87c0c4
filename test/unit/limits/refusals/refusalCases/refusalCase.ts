import {
  classifyRefusal,
  type Refusal,
  type ResponseFacts,
} from '../../../../../src/limits/refusals/refusal.ts';

/** A real response and its expected refusal; undefined: no limit declined it. */
export interface RefusalCase {
  readonly name: string;
  /** Of the text, where it is no documentation: a repository's issue or file. */
  readonly source?: string;
  readonly seen: Partial<ResponseFacts>;
  readonly expected: Partial<Refusal> | undefined;
}

export const at = Date.UTC(2026, 9, 14, 9, 30);
export const hub = 'https://huggingface.co/api/models';
export const chat = 'https://router.huggingface.co/v1/chat/completions';

/** A 429 of the Hub without words, changed. */
export function factsOf(change: Partial<ResponseFacts>): ResponseFacts {
  return { status: 429, headers: {}, bodyText: '', url: hub, at, source: 'terminal', ...change };
}

export function see(change: Partial<ResponseFacts>): Refusal | undefined {
  return classifyRefusal(factsOf(change));
}

export const json = (error: unknown) => JSON.stringify({ error });

/** The Hub's two headers, with the `api` window of a free account. */
export const windowHeaders = (remaining: number, limit = 1000) => ({
  ratelimit: `"api";r=${remaining};t=242`,
  'ratelimit-policy': `"fixed window";"api";q=${limit};w=300`,
});
