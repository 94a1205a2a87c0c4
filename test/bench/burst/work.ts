import { promptTokensOf } from '../../emulator/inference/completion.ts';
import { adaKey } from '../../emulator/providers.ts';
import type { StatePatch } from '../../emulator/state.ts';
import type { Emulator } from './emulator.ts';
import { type ClientName, chatBody, type Plan } from './plan.ts';

/** Where a program sends its requests, and for which model. */
export type Target = Pick<Plan, 'baseUrl' | 'key' | 'model'>;

/** A limit, and the requests to the server that has it. */
export interface Work {
  readonly requests: number;
  readonly atOnce: number;
  readonly lengths: readonly number[];
  /** The emulator's state with the limit, and without it for the warm-up. */
  readonly limited: StatePatch;
  readonly unlimited: StatePatch;
  /** Earliest start of the last requests, for a client that knows the limit and loses no time. */
  readonly leastSeconds: number;
  /** Number of those last requests; 0 when `leastSeconds` includes their time. */
  readonly lastRequests: number;
  /** The target without Headroom. */
  readonly direct: (emulator: Emulator) => Target;
  /** The same through Headroom. */
  readonly headroom: { readonly profile: string; readonly model: string };
}

const atOnce = 64;
/** With keys stored at HF, requests cost nothing: credits don't limit the work. */
const unpaid: StatePatch = { users: { ada: { customKeyProviders: ['novita', 'zai-org'] } } };
/** Served by novita, which sends no limit headers. */
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
 * HF's window of 1,000 requests, with 6 s instead of 300 s. It starts with the work: the first 1,000 requests go at
 * once, the others when the second and third windows start.
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
 * A key's tokens per minute at Groq, where a minute lasts 5 s. Prompt and `max_tokens` count, as at Groq. Requests
 * that don't fit into the first two minutes go when the third starts.
 */
export const tokenWork: Work = {
  requests: tokenRequests,
  atOnce,
  lengths: tokenLengths,
  limited: keyLimits({ tokensPerMinute, minuteSeconds }),
  unlimited: keyLimits({ tokensPerMinute: 10_000_000, minuteSeconds }),
  leastSeconds: minutesBefore * minuteSeconds,
  lastRequests: Math.ceil(tokenRequests * (1 - (minutesBefore * tokensPerMinute) / tokens)),
  direct: ({ providerUrls }) => ({
    baseUrl: `${providerUrls.groq}/openai/v1`,
    key: adaKey('groq'),
    model: 'llama-3.1-8b-instant',
  }),
  headroom: { profile: 'key:groq', model: llama },
};

function keyLimits(limits: object): StatePatch {
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

/** A limit of concurrent requests without a header. At best they go in rounds, each as long as the latency. */
export const concurrencyWork: Work = {
  ...atRouter(concurrentRequests, 'zai-org/GLM-4.6:zai-org'),
  limited: { ...unpaid, providers: { 'zai-org': { mostInFlight, latencyMs } } },
  unlimited: unpaid,
  leastSeconds: (Math.ceil(concurrentRequests / mostInFlight) * latencyMs) / 1000,
  lastRequests: 0,
};

/** The same at a provider whose error text does not name the limit either. */
export const unexplainedWork: Work = {
  ...concurrencyWork,
  ...atRouter(concurrentRequests, `${llama}:novita`),
  limited: { ...unpaid, providers: { novita: { mostInFlight, latencyMs } } },
};

/** A plan for the whole work; `part` replaces fields. */
export function planOf(work: Work, client: ClientName, target: Target, part: Partial<Plan> = {}): Plan {
  const { requests, atOnce, lengths } = work;
  return { client, ...target, headers: {}, requests, atOnce, lengths, ...part };
}
