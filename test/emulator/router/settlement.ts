import type { Offer } from '../catalogue.ts';
import { monthEnd, monthStart } from '../clock.ts';
import { ceiling, depletedCredits, spentThisMonth } from '../credits.ts';
import type { Exchange } from '../http/exchange.ts';
import { jobsCost } from '../hub/jobs.ts';
import type { World } from '../world.ts';
import type { Payment } from './payment.ts';

/** Text of the 402 when the provider can't be billed or one more placeholder exceeds the credits. */
export function paymentRefusal(
  world: World,
  { payer, isFree }: Payment,
  provider: string,
): string | undefined {
  const state = world.state.providers[provider];
  if (hasCustomKey(payer, provider)) return undefined;
  if (state && !state.payAsYouGo) return `Pay-as-you go is not enabled for provider ${provider} yet.`;
  if (state?.monthlyLimitReached) {
    const reached = `You have reached the free monthly usage limit for ${provider}.`;
    return isFree
      ? `${reached} Subscribe to PRO to get 20x more included usage, or add pre-paid credits to your account.`
      : `${reached} Add pre-paid credits to your account to continue using ${provider}.`;
  }
  const now = world.clock.now();
  const { usedNanoUsd } = spentThisMonth(payer.credits, now);
  // Jobs spend the credits of PRO and Team, too.
  const jobsNanoUsd = payer.canPay
    ? jobsCost(payer.jobs, monthStart(now), monthEnd(now), now).usedMicroUsd * 1000
    : 0;
  if (usedNanoUsd + jobsNanoUsd + world.state.router.placeholderNanoUsd <= ceiling(payer.credits))
    return undefined;
  if (world.state.router.words === '2025') {
    return 'You have exceeded your monthly included credits for Inference Providers. Subscribe to PRO to get 20x more monthly included credits.';
  }
  return depletedCredits(isFree);
}

/** Records a request at the placeholder's cost; its real cost counts once it is settled. */
export function recordCharge(
  { world, headers }: Exchange,
  { payer, group }: Payment,
  provider: string,
  model: string,
  costNanoUsd: number,
): void {
  if (hasCustomKey(payer, provider)) return;
  const session = headers['x-hf-session-id'];
  const now = world.clock.now();
  const unanswered = world.state.providers[provider]?.unanswered === true;
  payer.credits.charges.push({
    at: now,
    settlesAt: now + (unanswered ? 1800 : world.state.router.settleSeconds) * 1000,
    provider,
    model,
    requests: 1,
    placeholderNanoUsd: world.state.router.placeholderNanoUsd,
    costNanoUsd: unanswered ? 0 : costNanoUsd,
    ...(typeof session === 'string' && { session }),
    ...(group && { resourceGroup: group.id }),
  });
}

/** HF bills nothing for requests with the user's own key at the provider. */
function hasCustomKey(payer: Payment['payer'], provider: string): boolean {
  return 'customKeyProviders' in payer && payer.customKeyProviders.includes(provider);
}

/** In nano-USD. A price of 1 USD per million tokens is 1,000 nano-USD per token. */
export function costOf({ pricing, isFree }: Offer, promptTokens: number, completionTokens: number): number {
  if (!pricing || isFree) return 0;
  return Math.round((promptTokens * pricing.input + completionTokens * pricing.output) * 1000);
}
