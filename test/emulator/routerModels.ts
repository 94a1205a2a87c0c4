import { models, type Offer, type RoutedModel } from './catalogue.ts';
import type { Exchange } from './exchange.ts';
import { invalidCredentials } from './identity.ts';
import { billToRefusal } from './routerAccess.ts';

/** GET /v1/models: needs no token, but one that is not valid is refused, and so is a bad X-HF-Bill-To. */
export function listModels(exchange: Exchange) {
  if (refused(exchange)) return;
  exchange.reply.json(200, { object: 'list', data: models.map(described) });
}

/** GET /v1/models/{org}/{model} */
export function showModel(exchange: Exchange) {
  if (refused(exchange)) return;
  const model = models.find(({ id }) => id === exchange.params.join('/'));
  if (!model) return exchange.reply.error(404, 'Model not found');
  exchange.reply.json(200, { data: described(model) });
}

function refused(exchange: Exchange): boolean {
  if (exchange.identity.kind === 'invalid') {
    exchange.reply.error(401, invalidCredentials);
    return true;
  }
  const billTo = exchange.headers['x-hf-bill-to'];
  const refusal = typeof billTo === 'string' ? billToRefusal(exchange, billTo) : undefined;
  if (refusal) exchange.reply.error(refusal.status, refusal.message);
  return refusal !== undefined;
}

function described({ id, created, inputs, offers }: RoutedModel): unknown {
  return {
    id,
    object: 'model',
    created,
    owned_by: id.split('/')[0],
    architecture: { input_modalities: inputs, output_modalities: ['text'] },
    providers: offers.map(offered),
  };
}

function offered(offer: Offer): unknown {
  return {
    provider: offer.provider,
    status: offer.status,
    ...(offer.contextLength !== undefined && { context_length: offer.contextLength }),
    ...(offer.pricing && { pricing: offer.pricing }),
    ...(offer.isFree && { is_free: true }),
    ...(offer.tools !== undefined && {
      supports_tools: offer.tools,
      supports_structured_output: offer.tools,
    }),
    ...(offer.latencyMs !== undefined && {
      first_token_latency_ms: offer.latencyMs,
      throughput: offer.throughput,
    }),
    is_model_author: false,
  };
}

export type Choice = {
  readonly model: RoutedModel;
  readonly offers: readonly Offer[];
  readonly pinned: boolean;
};

/** The offers to try for `model[:suffix]`, best first; or HF's 400. */
export function choose(
  requested: string,
  disabled: readonly string[],
): Choice | { readonly code: string; readonly message: string } {
  const [id = '', suffix = 'fastest'] = requested.split(':');
  const model = models.find(candidate => candidate.id === id);
  if (!model) return { code: 'model_not_found', message: `The requested model '${id}' does not exist` };
  const live = model.offers.filter(
    ({ status, provider }) => status === 'live' && !disabled.includes(provider),
  );
  const pinned = !['fastest', 'cheapest', 'preferred'].includes(suffix);
  const offers = pinned ? live.filter(({ provider }) => provider === suffix) : ranked(live, suffix);
  if (offers.length > 0) return { model, offers, pinned };
  return {
    code: 'model_not_supported',
    message: `The requested model '${requested}' is not supported by any provider you have enabled.`,
  };
}

function ranked(offers: readonly Offer[], policy: string): Offer[] {
  const priced = offers.filter(({ pricing }) => pricing !== undefined);
  if (policy === 'cheapest')
    return priced.sort((a, b) => (a.pricing?.output ?? 0) - (b.pricing?.output ?? 0));
  if (policy === 'fastest') return priced.sort((a, b) => (b.throughput ?? 0) - (a.throughput ?? 0));
  return priced;
}
