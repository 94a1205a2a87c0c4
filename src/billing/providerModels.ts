import type { Http } from '../hub/http.ts';
import { HubError } from '../hub/hubError.ts';
import { inferenceProviderMapping, type ProviderModel } from '../hub/inferenceProviderMapping.ts';
import { readPublic } from '../hub/readPublic.ts';
import type { Servers } from '../hub/servers.ts';
import { CachedValue, type Loaded } from './cachedValue.ts';
import { parseModelName } from './modelName.ts';

export interface ProviderModelsOptions {
  readonly http: Pick<Http, 'getJson'>;
  readonly servers: () => Servers;
  /** Hugging Face's, for private models, and because HF rate-limits requests without one sooner. */
  readonly token: () => string | undefined;
  /** Epoch ms. */
  readonly now: () => number;
}

/** HF validates the mapping every 6 hours, hourly while it fails. */
const maxAgeMs = 15 * 60_000;
/** A provider may add a model that has none any minute. */
const maxAgeOfEmptyMs = 60_000;
const mostModels = 500;

/** Providers' own ids of Hugging Face's models, for chats. */
export class ProviderModels {
  readonly #options: ProviderModelsOptions;
  /** By Hub and model, the least recently used first. */
  readonly #mappings = new Map<string, CachedValue<readonly ProviderModel[]>>();

  constructor(options: ProviderModelsOptions) {
    this.#options = options;
  }

  /**
   * The provider's own id of a model; undefined when the provider does not serve it.
   * @param model Hugging Face's id; a suffix is ignored
   * @throws HubError
   */
  async find(provider: string, model: string, signal?: AbortSignal): Promise<string | undefined> {
    const offers = await this.#offers(model, signal);
    return offers.find(offer => offer.provider === provider)?.providerId;
  }

  /** @throws HubError */
  async providersOf(model: string, signal?: AbortSignal): Promise<string[]> {
    return [...new Set((await this.#offers(model, signal)).map(({ provider }) => provider))];
  }

  /** For chats, `live` before `staging`. */
  async #offers(model: string, signal: AbortSignal | undefined): Promise<ProviderModel[]> {
    const mapping = await this.#mapping(parseModelName(model).id).get(signal);
    const chats = mapping.filter(({ task }) => task === 'conversational');
    return ['live', 'staging'].flatMap(wanted => chats.filter(({ status }) => status === wanted));
  }

  #mapping(id: string): CachedValue<readonly ProviderModel[]> {
    const servers = this.#options.servers();
    const key = `${servers.hubUrl} ${id}`;
    const known = this.#mappings.get(key);
    this.#mappings.delete(key);
    const mapping = known ?? new CachedValue(() => this.#load(servers, id), this.#options.now);
    this.#mappings.set(key, mapping);
    const [oldest] = this.#mappings.keys();
    if (this.#mappings.size > mostModels && oldest !== undefined) this.#mappings.delete(oldest);
    return mapping;
  }

  /** For a model that does not exist, the Hub sends 404; without a valid token, 401. */
  async #load(servers: Servers, id: string): Promise<Loaded<readonly ProviderModel[]>> {
    const { http } = this.#options;
    const token = this.#options.token();
    try {
      const value = await readPublic(token, allowed => inferenceProviderMapping(http, servers, id, allowed));
      return { value, maxAgeMs: value.length > 0 ? maxAgeMs : maxAgeOfEmptyMs };
    } catch (error) {
      const missing = error instanceof HubError && ['not-found', 'rejected'].includes(error.kind);
      const hidden = error instanceof HubError && error.kind === 'invalid-token' && token === undefined;
      if (missing || hidden) return { value: [], maxAgeMs: maxAgeOfEmptyMs };
      throw error;
    }
  }
}
