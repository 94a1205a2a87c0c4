import { models, type Offer, type RoutedModel } from '../catalogue.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Reply } from '../http/reply.ts';
import { invalidCredentials } from '../identity.ts';
import { billedOrg } from './payment.ts';

/** GET /v1/models: needs no token, but an invalid one is refused, and so is a bad X-HF-Bill-To. */
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
  const { identity, reply } = exchange;
  const invalid = { status: 401, message: invalidCredentials };
  const billing = identity.kind === 'invalid' ? invalid : billedOrg(exchange);
  if (!billing || !('status' in billing)) return false;
  reply.error(billing.status, billing.message);
  return true;
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

export interface Choice {
  readonly model: RoutedModel;
  readonly offers: readonly Offer[];
}

/** The offers for `model[:suffix]`, best first; or code and message of HF's 400. */
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
  const isPolicy = ['fastest', 'cheapest', 'preferred'].includes(suffix);
  const offers = isPolicy ? ranked(live, suffix) : live.filter(({ provider }) => provider === suffix);
  return offers.length > 0 ? { model, offers } : notSupported(requested);
}

function notSupported(model: string) {
  const message = `The requested model '${model}' is not supported by any provider you have enabled.`;
  return { code: 'model_not_supported', message };
}

export function modelNotSupported(reply: Reply, model: string): void {
  const { code, message } = notSupported(model);
  invalidRequest(reply, code, message);
}

/** HF's 400 about the `model` of a request. */
export function invalidRequest(reply: Reply, code: string | null, message: string): void {
  reply.json(400, { error: { message, type: 'invalid_request_error', param: 'model', code } });
}

function ranked(offers: readonly Offer[], policy: string): Offer[] {
  const priced = offers.filter(({ pricing }) => pricing !== undefined);
  if (policy === 'cheapest')
    return priced.sort((a, b) => (a.pricing?.output ?? 0) - (b.pricing?.output ?? 0));
  if (policy === 'fastest') return priced.sort((a, b) => (b.throughput ?? 0) - (a.throughput ?? 0));
  return priced;
}
