/** Suffixes by which the router itself picks a provider. */
const policies: ReadonlySet<string> = new Set(['fastest', 'cheapest', 'preferred']);

export interface ModelName {
  /** Hugging Face's id of the model. */
  readonly id: string;
  /** The provider that `model:provider` pins; undefined without a suffix and for the router's own choices. */
  readonly provider?: string;
}

/** Takes `org/model:suffix` apart, as the router does. */
export function parseModelName(model: string): ModelName {
  const colon = model.indexOf(':');
  if (colon < 0) return { id: model };
  const id = model.slice(0, colon);
  const suffix = model.slice(colon + 1);
  return suffix === '' || policies.has(suffix) ? { id } : { id, provider: suffix };
}
