import { parseModelName } from '../../billing/modelName.ts';
import type { RouterModel, RouterOffer } from '../../hub/router.ts';
import { offerOf, type Sums } from './requestSums.ts';

/** Tokens of one model, by the provider that answered. */
export interface ModelTokens {
  readonly model: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly byProvider: ReadonlyMap<string, Tokens>;
}

interface Tokens {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** One provider's offer of a model that was used. */
export interface OfferCost {
  readonly offer: RouterOffer;
  /** What the model's tokens would cost there; undefined: no price is listed. */
  readonly nanoUsd: number | undefined;
  readonly isUsed: boolean;
  readonly isCheapest: boolean;
  readonly isFastest: boolean;
}

export interface ModelCosts extends ModelTokens {
  /** The cheapest first, those without a price last; empty: the router does not list the model. */
  readonly offers: readonly OfferCost[];
  /** At the prices of the providers that answered; undefined: one of them lists none. */
  readonly usedNanoUsd: number | undefined;
}

/** USD per million tokens → nano-USD per token. */
const nanoUsdPerToken = 1000;

/** By Hugging Face's id of the model, the most tokens first. */
export function tokensByModel(offers: ReadonlyMap<string, Sums>): ModelTokens[] {
  const models = new Map<string, Map<string, Tokens>>();
  for (const [name, { promptTokens, completionTokens }] of offers) {
    const { provider, model } = offerOf(name);
    if (model === '' || promptTokens + completionTokens === 0) continue;
    const { id } = parseModelName(model);
    const providers = models.get(id) ?? new Map<string, Tokens>();
    models.set(id, providers);
    providers.set(provider, added(providers.get(provider), { promptTokens, completionTokens }));
  }
  return [...models]
    .map(([model, byProvider]) => ({ model, byProvider, ...[...byProvider.values()].reduce(added) }))
    .sort((a, b) => tokensOf(b) - tokensOf(a));
}

export function costsOf(tokens: ModelTokens, models: ReadonlyMap<string, RouterModel>): ModelCosts {
  const offers = models.get(tokens.model)?.offers ?? [];
  const live = offers.filter(({ status }) => status === 'live');
  const cheapest = least(live, offer => costAt(offer, tokens));
  const fastest = least(live, ({ throughput }) => (throughput ? -throughput : undefined));
  const costs = offers.map(offer => ({
    offer,
    nanoUsd: costAt(offer, tokens),
    isUsed: tokens.byProvider.has(offer.provider),
    isCheapest: offer === cheapest,
    isFastest: offer === fastest,
  }));
  costs.sort((a, b) => (a.nanoUsd ?? Infinity) - (b.nanoUsd ?? Infinity));
  return { ...tokens, offers: costs, usedNanoUsd: usedCost(tokens, offers) };
}

function usedCost({ byProvider }: ModelTokens, offers: readonly RouterOffer[]): number | undefined {
  let sum = 0;
  for (const [provider, tokens] of byProvider) {
    const offer = offers.find(each => each.provider === provider);
    const nanoUsd = offer && costAt(offer, tokens);
    if (nanoUsd === undefined) return undefined;
    sum += nanoUsd;
  }
  return sum;
}

function costAt({ pricing, isFree }: RouterOffer, tokens: Tokens): number | undefined {
  if (isFree) return 0;
  if (!pricing) return undefined;
  const { promptTokens, completionTokens } = tokens;
  return Math.round((promptTokens * pricing.input + completionTokens * pricing.output) * nanoUsdPerToken);
}

function least<T>(items: readonly T[], read: (item: T) => number | undefined): T | undefined {
  const valued = items.flatMap(item => {
    const value = read(item);
    return value === undefined ? [] : [{ item, value }];
  });
  return valued.toSorted((a, b) => a.value - b.value)[0]?.item;
}

function added(one: Tokens | undefined, more: Tokens): Tokens {
  return {
    promptTokens: (one?.promptTokens ?? 0) + more.promptTokens,
    completionTokens: (one?.completionTokens ?? 0) + more.completionTokens,
  };
}

function tokensOf({ promptTokens, completionTokens }: Tokens): number {
  return promptTokens + completionTokens;
}
