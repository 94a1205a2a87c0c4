import type { Http } from '../hub/http.ts';
import { HubError } from '../hub/hubError.ts';
import { inferenceProviderMapping, type ProviderModel } from '../hub/inferenceProviderMapping.ts';
import { readPublic } from '../hub/readPublic.ts';
import type { Servers } from '../hub/servers.ts';
import { parseModelName } from './modelName.ts';
import { Refreshed } from './refreshed.ts';

export interface ProviderModelsOptions {
  readonly http: Pick<Http, 'getJson'>;
  readonly servers: () => Servers;
  /** Of Hugging Face, for private models. */
  readonly token: () => string | undefined;
  /** Epoch ms. */
  readonly now: () => number;
}

/** HF validates the mapping every 6 hours, hourly while it fails. */
const maxAgeMs = 15 * 60_000;
/** A model without providers may be just being offered. */
const maxAgeOfNothingMs = 60_000;
const mostModels = 500;

/** Hugging Face's model ids in the providers' own words, for chats. */
export class ProviderModels {
  readonly #options: ProviderModelsOptions;
  /** The one that was asked for last is last. */
  readonly #mappings = new Map<string, Refreshed<readonly ProviderModel[]>>();

  constructor(options: ProviderModelsOptions) {
    this.#options = options;
  }

  /**
   * The provider's own id of a model; undefined when the provider does not serve it.
   * @param model Hugging Face's id; a suffix is ignored
   * @throws HubError when Hugging Face can't be asked
   */
  async find(provider: string, model: string, signal?: AbortSignal): Promise<string | undefined> {
    const offers = await this.#offers(model, signal);
    return offers.find(offer => offer.provider === provider)?.providerId;
  }

  /**
   * Who serves a model.
   * @throws HubError when Hugging Face can't be asked
   */
  async providersOf(model: string, signal?: AbortSignal): Promise<string[]> {
    return [...new Set((await this.#offers(model, signal)).map(({ provider }) => provider))];
  }

  /** Live ones first. */
  async #offers(model: string, signal: AbortSignal | undefined): Promise<ProviderModel[]> {
    const mapping = await this.#mapping(parseModelName(model).id).get(signal);
    const chats = mapping.filter(({ task }) => task === 'conversational');
    return ['live', 'staging'].flatMap(wanted => chats.filter(({ status }) => status === wanted));
  }

  #mapping(id: string): Refreshed<readonly ProviderModel[]> {
    const servers = this.#options.servers();
    const key = `${servers.hubUrl} ${id}`;
    const known = this.#mappings.get(key);
    this.#mappings.delete(key);
    const mapping =
      known ??
      new Refreshed({
        load: () => this.#load(servers, id),
        now: this.#options.now,
        maxAgeMs: value => (value.length > 0 ? maxAgeMs : maxAgeOfNothingMs),
      });
    this.#mappings.set(key, mapping);
    const [oldest] = this.#mappings.keys();
    if (this.#mappings.size > mostModels && oldest !== undefined) this.#mappings.delete(oldest);
    return mapping;
  }

  /** The Hub answers 404 for a model that does not exist, and 401 to those who show no token or one that is not valid. */
  async #load(servers: Servers, id: string): Promise<readonly ProviderModel[]> {
    const token = this.#options.token();
    try {
      return await readPublic(token, shown =>
        inferenceProviderMapping(this.#options.http, servers, id, shown),
      );
    } catch (error) {
      const missing = error instanceof HubError && ['not-found', 'rejected'].includes(error.kind);
      const hidden = error instanceof HubError && error.kind === 'invalid-token' && token === undefined;
      if (missing || hidden) return [];
      throw error;
    }
  }
}
