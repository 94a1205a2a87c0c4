import type { RouterModel } from '../hub/router.ts';
import type { TokenUsage } from '../limits/requests/tokenUsage.ts';
import { CachedValue } from './cachedValue.ts';
import { parseModelName } from './modelName.ts';
import { loadOffers, type RouterOffersOptions } from './routerOffers.ts';

/** Nano-USD per token. */
interface Price {
  readonly input: number;
  readonly output: number;
}

/** By provider and model. */
type PriceTable = ReadonlyMap<string, Price>;

/** USD per million tokens → nano-USD per token. */
const nanoUsdPerToken = 1000;
const nanoPerUsd = 1_000_000_000;

/** Costs by the router's price list. HF adds nothing to providers' prices: with a provider's key they are the same. */
export class Prices {
  readonly #table: CachedValue<PriceTable>;

  constructor(options: RouterOffersOptions) {
    this.#table = new CachedValue(async () => {
      const { value, maxAgeMs } = await loadOffers(options);
      return { value: tableOf(value), maxAgeMs };
    }, options.now);
  }

  /** Loads the first list. Settles also when that fails; undefined: there is a list, of whatever age. */
  prepare(): Promise<void> | undefined {
    return this.#table.last ? undefined : this.refresh().catch(() => undefined);
  }

  /**
   * Loads the list if there is none younger than 15 minutes, from another process if it has one. An old list stays
   * while this fails.
   * @throws HubError when there is no list at all
   */
  async refresh(): Promise<void> {
    await this.#table.get();
  }

  /**
   * An estimate from the loaded list, which is refreshed for later calls; undefined when the price or the tokens are
   * unknown.
   * @param model Hugging Face's id; a suffix is ignored
   */
  costNanoUsd(provider: string, model: string, usage: TokenUsage): number | undefined {
    if (usage.costUsd !== undefined) return Math.round(usage.costUsd * nanoPerUsd);
    void this.refresh().catch(() => undefined);
    const price = this.#table.last?.get(keyOf(provider, parseModelName(model).id));
    const { promptTokens, completionTokens } = usage;
    if (!price || promptTokens === undefined || completionTokens === undefined) return undefined;
    return Math.round(promptTokens * price.input + completionTokens * price.output);
  }

  mostNanoUsd(provider: string | undefined, model: string, usage: TokenUsage): number | undefined {
    const { id } = parseModelName(model);
    if (provider !== undefined) return this.costNanoUsd(provider, id, usage);
    void this.refresh().catch(() => undefined);
    const { promptTokens = 0, completionTokens = 0 } = usage;
    const costs = [...(this.#table.last ?? [])]
      .filter(([key]) => key.endsWith(`:${id}`))
      .map(([, { input, output }]) => Math.round(promptTokens * input + completionTokens * output));
    return costs.length === 0 ? undefined : Math.max(...costs);
  }
}

function tableOf(models: readonly RouterModel[]): PriceTable {
  const table = new Map<string, Price>();
  for (const { id, offers } of models) {
    for (const { provider, pricing, isFree } of offers) {
      if (isFree) table.set(keyOf(provider, id), { input: 0, output: 0 });
      else if (pricing) {
        const input = pricing.input * nanoUsdPerToken;
        table.set(keyOf(provider, id), { input, output: pricing.output * nanoUsdPerToken });
      }
    }
  }
  return table;
}

function keyOf(provider: string, model: string): string {
  return `${provider}:${model}`;
}
