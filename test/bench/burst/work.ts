import { promptTokensOf } from '../../emulator/inference/completion.ts';
import { adaKey } from '../../emulator/providers.ts';
import type { StatePatch } from '../../emulator/state.ts';
import type { Emulator } from './emulator.ts';
import { type ClientName, chatBody, type Plan } from './plan.ts';

/** Whom a program asks, and for which model. */
export type Target = Pick<Plan, 'baseUrl' | 'key' | 'model'>;

/** A limit, and what is asked of the server that has it. */
export interface Work {
  readonly requests: number;
  readonly atOnce: number;
  readonly lengths: readonly number[];
  /** The world with the limit, and the same without it, to warm up in. */
  readonly limited: StatePatch;
  readonly unlimited: StatePatch;
  /** Whoever knew the limit and lost no time could ask for the last ones after so long. */
  readonly leastSeconds: number;
  /** How many are asked for then; 0: how long they take is in it. */
  readonly lastRequests: number;
  /** Where a program asks by itself, and with what. */
  readonly direct: (emulator: Emulator) => Target;
  /** The same through Headroom. */
  readonly headroom: { readonly profile: string; readonly model: string };
}

const atOnce = 64;
/** Hugging Face charges nothing for calls with a key that it keeps for the user: money is not what is measured. */
const unpaid: StatePatch = { users: { ada: { customKeyProviders: ['novita', 'zai-org'] } } };
/** Providers that send no headers about limits. */
const llama = 'meta-llama/Llama-3.1-8B-Instruct';
/** Short requests to one model at the router. */
const atRouter = (requests: number, model: string) => ({
  requests,
  atOnce,
  lengths: [40],
  direct: ({ routerUrl, token }: Emulator) => ({ baseUrl: `${routerUrl}/v1`, key: token, model }),
  headroom: { profile: 'personal', model },
});

const windowSeconds = 6;
const requestsPerWindow = 1_000;
const windowRequests = 3_000;

/**
 * Hugging Face's window of 1,000 requests, of 6 s instead of 300 s. It begins with the work: the first 1,000 go at
 * once, the next when the second window begins, the last 1,000 when the third does.
 */
export const windowWork: Work = {
  ...atRouter(windowRequests, `${llama}:novita`),
  limited: { ...unpaid, windowSeconds, router: { requestsPerWindow } },
  unlimited: { ...unpaid, windowSeconds },
  leastSeconds: (Math.ceil(windowRequests / requestsPerWindow) - 1) * windowSeconds,
  lastRequests: windowRequests % requestsPerWindow || requestsPerWindow,
};

const minuteSeconds = 5;
const tokensPerMinute = 40_000;
const tokenRequests = 1_200;
const tokenLengths = [80, 400, 160, 240, 480, 320];
const tokens = tokensOf(tokenRequests, tokenLengths);
const minutesBefore = Math.ceil(tokens / tokensPerMinute) - 1;

/**
 * A key's tokens per minute at Groq, where a minute lasts 5 s. What is asked counts with what may be answered, as Groq
 * counts it, so that all of it is so many tokens: those that don't fit into the first two minutes go when the third
 * begins.
 */
export const tokenWork: Work = {
  requests: tokenRequests,
  atOnce,
  lengths: tokenLengths,
  limited: ofKey({ tokensPerMinute, minuteSeconds }),
  unlimited: ofKey({ tokensPerMinute: 10_000_000, minuteSeconds }),
  leastSeconds: minutesBefore * minuteSeconds,
  lastRequests: Math.ceil(tokenRequests * (1 - (minutesBefore * tokensPerMinute) / tokens)),
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
const concurrentRequests = 1_000;

/** So many at a time, and no header that tells it: at best they go in rounds, each as long as an answer takes. */
export const concurrencyWork: Work = {
  ...atRouter(concurrentRequests, 'zai-org/GLM-4.6:zai-org'),
  limited: { ...unpaid, providers: { 'zai-org': { mostInFlight, latencyMs } } },
  unlimited: unpaid,
  leastSeconds: (Math.ceil(concurrentRequests / mostInFlight) * latencyMs) / 1000,
  lastRequests: 0,
};

/** The same of a provider that does not say in words either what it was. */
export const unexplainedWork: Work = {
  ...concurrencyWork,
  ...atRouter(concurrentRequests, `${llama}:novita`),
  limited: { ...unpaid, providers: { novita: { mostInFlight, latencyMs } } },
};

/** The whole of a work by one program, but for what is said otherwise. */
export function planOf(work: Work, client: ClientName, target: Target, part: Partial<Plan> = {}): Plan {
  const { requests, atOnce, lengths } = work;
  return { client, ...target, headers: {}, requests, atOnce, lengths, ...part };
}
