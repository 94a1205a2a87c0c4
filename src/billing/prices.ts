import type { Http } from '../hub/http.ts';
import { readPublic } from '../hub/readPublic.ts';
import { listRouterModels, type RouterModel } from '../hub/router.ts';
import type { Servers } from '../hub/servers.ts';
import type { TokenUsage } from '../limits/requests/tokenUsage.ts';
import { parseModelName } from './modelName.ts';
import { Refreshed } from './refreshed.ts';
import { type PartStore, type Price, type PriceTable, SharedPrices } from './sharedPrices.ts';

export interface PricesOptions {
  readonly http: Pick<Http, 'getJson'>;
  readonly servers: () => Servers;
  /** Of Hugging Face: without one the list is refused sooner. */
  readonly token: () => string | undefined;
  readonly ledger: PartStore;
  /** Epoch ms. */
  readonly now: () => number;
}

const maxAgeMs = 15 * 60_000;
/** USD per million tokens are as many thousand nano-USD per token. */
const nanoUsdPerToken = 1000;
const nanoPerUsd = 1_000_000_000;

interface PriceList {
  readonly table: PriceTable;
  /** How long it is taken for true from when it came here. */
  readonly leftMs: number;
}

/** What requests cost, by the router's price list. HF adds nothing, so a provider's own customers pay the same. */
export class Prices {
  readonly #list: Refreshed<PriceList>;

  constructor({ http, servers, token, ledger, now }: PricesOptions) {
    const shared = new SharedPrices(ledger);
    this.#list = new Refreshed({
      load: async () => {
        const at = servers();
        const known = shared.read(at.routerUrl);
        const ageMs = known && now() - known.asOf;
        if (known && ageMs !== undefined && ageMs >= 0 && ageMs < maxAgeMs) {
          return { table: known.table, leftMs: maxAgeMs - ageMs };
        }
        const { items } = await readPublic(token(), shown => listRouterModels(http, at, shown));
        const table = tableOf(items);
        shared.write(at.routerUrl, table, now());
        return { table, leftMs: maxAgeMs };
      },
      now,
      maxAgeMs: ({ leftMs }) => leftMs,
    });
  }

  /** There is a list, of whatever age. */
  get areKnown(): boolean {
    return this.#list.last !== undefined;
  }

  /**
   * When there is no list or it is older than 15 minutes, takes the one that another process loaded, or loads it. While
   * that fails the old one counts.
   * @throws HubError when there is none at all
   */
  async refresh(signal?: AbortSignal): Promise<void> {
    await this.#list.get(signal);
  }

  /**
   * An estimate, from what is loaded: undefined when the price or the tokens are not known.
   * @param model Hugging Face's id; a suffix is ignored
   */
  costNanoUsd(provider: string, model: string, usage: TokenUsage): number | undefined {
    if (usage.costUsd !== undefined) return Math.round(usage.costUsd * nanoPerUsd);
    const price = this.#list.last?.table.get(keyOf(provider, parseModelName(model).id));
    const { promptTokens, completionTokens } = usage;
    if (!price || promptTokens === undefined || completionTokens === undefined) return undefined;
    return Math.round(promptTokens * price.input + completionTokens * price.output);
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
