import { findProvider } from './providers.ts';

/** Suffixes that let the router pick the provider. */
const policies: ReadonlySet<string> = new Set(['fastest', 'cheapest', 'preferred']);

/** OpenAI's fine-tuned models: their names contain colons and have no suffix. */
const fineTuned = 'ft:';

export interface ModelName {
  /** Hugging Face's id of the model. */
  readonly id: string;
  /** Of `model:provider`; undefined without a suffix, and when the router picks. */
  readonly provider?: string;
}

/** Parses `org/model:suffix` as the router does. */
export function parseModelName(model: string): ModelName {
  const colon = model.indexOf(':');
  if (colon < 0 || model.startsWith(fineTuned)) return { id: model };
  const id = model.slice(0, colon);
  const suffix = model.slice(colon + 1);
  return suffix === '' || policies.has(suffix) ? { id } : { id, provider: suffix };
}

/**
 * A model's name at a provider whose models Hugging Face does not list (OpenAI), without `openai/`. Undefined for
 * other providers: `ProviderModels` asks Hugging Face for the name.
 */
export function unlistedName(provider: string, id: string): string | undefined {
  if (findProvider(provider)?.routed !== false) return undefined;
  const prefix = `${provider}/`;
  return id.startsWith(prefix) ? id.slice(prefix.length) : id;
}
