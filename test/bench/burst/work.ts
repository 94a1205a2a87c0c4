import { promptTokensOf } from '../../emulator/completion.ts';
import { adaKey } from '../../emulator/partners.ts';
import type { StatePatch } from '../../emulator/state.ts';
import type { Emulator } from './emulator.ts';
import { chatBody, type Plan } from './plan.ts';

/** A limit, and what is asked of the server that has it. */
export interface Work {
  readonly requests: number;
  readonly atOnce: number;
  readonly lengths: readonly number[];
  /** The world with the limit, and the same without it, to warm up in. */
  readonly limited: StatePatch;
  readonly unlimited: StatePatch;
  /** Whoever knew the limit and lost no time would need so long. */
  readonly leastSeconds: number;
  /** Where a program asks by itself, and with what. */
  readonly direct: (emulator: Emulator) => Pick<Plan, 'baseUrl' | 'key' | 'model'>;
  /** The same through Headroom. */
  readonly headroom: { readonly profile: string; readonly model: string };
}

/** Hugging Face charges nothing for calls with a key that it keeps for the user: money is not what is measured. */
const unpaid: StatePatch = { users: { ada: { customKeyProviders: ['novita', 'zai-org'] } } };
/** Providers that send no headers about limits. */
const llama = 'meta-llama/Llama-3.1-8B-Instruct';
const atRouter = (model: string) => ({
  direct: ({ routerUrl, token }: Emulator) => ({ baseUrl: `${routerUrl}/v1`, key: token, model }),
  headroom: { profile: 'personal', model },
});

const windowSeconds = 10;
const requestsPerWindow = 1_000;
const windowRequests = 3_000;

/**
 * Hugging Face's window of 1,000 requests, of 10 s instead of 300 s. It begins with the work: the first 1,000 go at
 * once, the next when the second window begins, the last 1,000 when the third does. How long those take is not in it.
 */
export const windowWork: Work = {
  requests: windowRequests,
  atOnce: 64,
  lengths: [40],
  limited: { ...unpaid, windowSeconds, router: { requestsPerWindow } },
  unlimited: { ...unpaid, windowSeconds },
  leastSeconds: (Math.ceil(windowRequests / requestsPerWindow) - 1) * windowSeconds,
  ...atRouter(`${llama}:novita`),
};

const minuteSeconds = 5;
const tokensPerMinute = 35_000;
const tokenRequests = 1_200;
const tokenLengths = [80, 400, 160, 240, 480, 320];

/**
 * A key's tokens per minute at Groq, where a minute lasts 5 s. What is asked counts with what may be answered, as Groq
 * counts it, so that all of it is so many windows: of the last one only the beginning is needed.
 */
export const tokenWork: Work = {
  requests: tokenRequests,
  atOnce: 64,
  lengths: tokenLengths,
  limited: ofKey({ tokensPerMinute, minuteSeconds }),
  unlimited: ofKey({ tokensPerMinute: 10_000_000, minuteSeconds }),
  leastSeconds: (Math.ceil(tokensOf(tokenRequests, tokenLengths) / tokensPerMinute) - 1) * minuteSeconds,
  direct: ({ providerUrls }) => ({
    baseUrl: `${providerUrls.groq}/openai/v1`,
    key: adaKey('groq'),
    model: 'llama-3.1-8b-instant',
  }),
  headroom: { profile: 'key:groq', model: llama },
};

function ofKey(limits: object): StatePatch {
  return { providers: { groq: { keys: { [adaKey('groq')]: limits } } } };
}

function tokensOf(requests: number, lengths: readonly number[]): number {
  let tokens = 0;
  for (let index = 0; index < requests; index++) {
    const { messages, max_tokens } = chatBody({ model: '', lengths }, index);
    tokens += promptTokensOf(messages) + max_tokens;
  }
  return tokens;
}

const mostInFlight = 16;
const latencyMs = 200;
const concurrentRequests = 800;

/** So many at a time, and no header that tells it: they go in rounds, each as long as an answer takes. */
export const concurrencyWork: Work = {
  requests: concurrentRequests,
  atOnce: 64,
  lengths: [40],
  limited: { ...unpaid, providers: { 'zai-org': { mostInFlight, latencyMs } } },
  unlimited: unpaid,
  leastSeconds: (Math.ceil(concurrentRequests / mostInFlight) * latencyMs) / 1000,
  ...atRouter('zai-org/GLM-4.6:zai-org'),
};
