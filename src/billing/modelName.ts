import { findProvider } from './providers.ts';

/** Suffixes by which the router itself picks a provider. */
const policies: ReadonlySet<string> = new Set(['fastest', 'cheapest', 'preferred']);

/** OpenAI's own names of these have colons in them, and no suffix. */
const fineTuned = 'ft:';

export interface ModelName {
  /** Hugging Face's id of the model. */
  readonly id: string;
  /** The provider that `model:provider` pins; undefined without a suffix and for the router's own choices. */
  readonly provider?: string;
}

/** Takes `org/model:suffix` apart, as the router does. */
export function parseModelName(model: string): ModelName {
  const colon = model.indexOf(':');
  if (colon < 0 || model.startsWith(fineTuned)) return { id: model };
  const id = model.slice(0, colon);
  const suffix = model.slice(colon + 1);
  return suffix === '' || policies.has(suffix) ? { id } : { id, provider: suffix };
}

/**
 * The name at a provider whose models Hugging Face does not list, written as its own clients do; undefined for the
 * others, whose names it has to be asked for.
 */
export function unlistedName(provider: string, id: string): string | undefined {
  if (findProvider(provider)?.routed !== false) return undefined;
  const prefix = `${provider}/`;
  return id.startsWith(prefix) ? id.slice(prefix.length) : id;
}
