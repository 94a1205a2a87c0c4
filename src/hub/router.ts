import * as v from 'valibot';
import type { Http } from './http.ts';
import type { HubError } from './hubError.ts';
import { amount, check, type Items, maybe, readItems } from './schema.ts';
import type { Servers } from './servers.ts';

/** A model that the router serves. */
export interface RouterModel {
  readonly id: string;
  readonly offers: readonly RouterOffer[];
}

/** One provider's offer of a model. Undefined: HF did not say. */
export interface RouterOffer {
  readonly provider: string;
  /** `live` or `error`. */
  readonly status: string;
  /** USD per million tokens. */
  readonly pricing?: { readonly input: number; readonly output: number };
  /** A promotion: nothing is charged for now. */
  readonly isFree: boolean;
  /** By Hugging Face's last probe. */
  readonly firstTokenLatencyMs?: number;
  /** Tokens per second, by the same probe. */
  readonly throughput?: number;
}

/**
 * The router's `GET /v1/models`. Needs no token, but has a lower limit without one. An offer that can't be
 * read is in `problems`, and hides no other.
 * @throws HubError
 */
export async function listRouterModels(
  http: Pick<Http, 'getJson'>,
  servers: Servers,
  token?: string,
  signal?: AbortSignal,
): Promise<Items<RouterModel>> {
  return parseRouterModels(await http.getJson(`${servers.routerUrl}/v1/models`, { token, signal }));
}

const modelSchema = v.object({ id: v.string(), providers: v.array(v.unknown()) });
const offerSchema = v.object({
  provider: v.string(),
  status: v.string(),
  pricing: maybe(v.object({ input: amount, output: amount })),
  is_free: maybe(v.boolean()),
  first_token_latency_ms: maybe(amount),
  throughput: maybe(amount),
});

/** @throws HubError `format-changed` when there is no list at all */
export function parseRouterModels(body: unknown): Items<RouterModel> {
  const { data } = check(v.object({ data: v.array(v.unknown()) }), body);
  const problems: HubError[] = [];
  const items: RouterModel[] = [];
  for (const { item, path } of readItems(problems, modelSchema, data, 'data')) {
    const offers = [...readItems(problems, offerSchema, item.providers, `${path}.providers`)];
    items.push({ id: item.id, offers: offers.map(offer => toOffer(offer.item)) });
  }
  return { items, problems };
}

function toOffer(offer: v.InferOutput<typeof offerSchema>): RouterOffer {
  const { provider, status, pricing, is_free, first_token_latency_ms, throughput } = offer;
  return {
    provider,
    status,
    ...(pricing && { pricing }),
    isFree: is_free ?? false,
    ...(first_token_latency_ms !== undefined && { firstTokenLatencyMs: first_token_latency_ms }),
    ...(throughput !== undefined && { throughput }),
  };
}
