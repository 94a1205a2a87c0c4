import type { Exchange } from '../http/exchange.ts';
import { type TaskCall, taskRoutes } from '../inference/taskCalls.ts';
import { providerHeaders } from '../providers/headers.ts';
import { countProviderCall } from '../providers/refusals.ts';
import { providerIds } from '../providers.ts';
import { modelNotSupported } from './models.ts';
import { paymentOf } from './payment.ts';
import { paymentRefusal, recordCharge } from './settlement.ts';

export const routerTaskRoutes = taskRoutes(['hf-inference', ...providerIds], handle);

/** `/{provider}/{task route}`: HF pays the provider and bills the caller. */
function handle(exchange: Exchange, { provider, providerId, model, send }: TaskCall) {
  const { world, reply } = exchange;
  const payment = paymentOf(exchange);
  if (!payment) return;
  if (!model || payment.payer.disabledProviders.includes(provider))
    return modelNotSupported(reply, providerId);
  const unpaid = paymentRefusal(world, payment, provider);
  if (unpaid !== undefined) return reply.error(402, unpaid);
  const served = { 'x-inference-provider': provider };
  const refusal = countProviderCall(exchange, provider, providerId, 1);
  if (refusal) return reply.json(refusal.status, refusal.body, { ...refusal.headers, ...served });
  recordCharge(exchange, payment, provider, model.id, model.nanoUsd);
  send({ ...providerHeaders(world, provider), ...served });
}
