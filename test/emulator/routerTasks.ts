import type { Exchange } from './exchange.ts';
import { partnerHeaders } from './partnerHeaders.ts';
import { askPartner, partnerIds } from './partners.ts';
import { paymentOf } from './routerAccess.ts';
import { book, refusePayment } from './routerSettlement.ts';
import { type TaskCall, taskRoutes } from './taskCalls.ts';

export const routerTaskRoutes = taskRoutes(['hf-inference', ...partnerIds], handle);

/** `/{provider}/{its own route for the task}`: HF pays the provider, and bills the caller. */
function handle(exchange: Exchange, { provider, providerId, model, answer }: TaskCall) {
  const { world, reply, headers } = exchange;
  const payment = paymentOf(exchange);
  if (!payment) return;
  if (!model || payment.payer.disabledProviders.includes(provider)) {
    const message = `The requested model '${providerId}' is not supported by any provider you have enabled.`;
    const error = { message, type: 'invalid_request_error', param: 'model', code: 'model_not_supported' };
    return reply.json(400, { error });
  }
  const unpaid = refusePayment(world, payment, provider);
  if (unpaid !== undefined) return reply.error(402, unpaid);
  const served = { 'x-inference-provider': provider };
  const refusal = askPartner(exchange, provider, providerId, 1);
  if (refusal) return reply.json(refusal.status, refusal.body, { ...refusal.headers, ...served });
  const session = headers['x-hf-session-id'];
  book(world, payment, provider, model.id, model.nanoUsd, typeof session === 'string' ? session : undefined);
  answer({ ...partnerHeaders(world, provider), ...served });
}
