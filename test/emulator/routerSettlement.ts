import type { Offer } from './catalogue.ts';
import { monthEnd, monthStart } from './clock.ts';
import { ceiling, spentThisMonth } from './credits.ts';
import { jobsCost } from './jobs.ts';
import type { Payment } from './routerAccess.ts';
import type { World } from './world.ts';

/** The 402 that a call gets: used and one more placeholder don't fit, or the provider can't be billed. */
export function refusePayment(world: World, { payer, isPro }: Payment, provider: string): string | undefined {
  const partner = world.state.providers[provider];
  if ('customKeyProviders' in payer && payer.customKeyProviders.includes(provider)) return undefined;
  if (partner && !partner.payAsYouGo) return `Pay-as-you go is not enabled for provider ${provider} yet.`;
  if (partner?.monthlyLimitReached) {
    const reached = `You have reached the free monthly usage limit for ${provider}.`;
    return isPro
      ? `${reached} Add pre-paid credits to your account to continue using ${provider}.`
      : `${reached} Subscribe to PRO to get 20x more included usage, or add pre-paid credits to your account.`;
  }
  const now = world.clock.now();
  const { usedNanoUsd } = spentThisMonth(payer.credits, now);
  // Credits of PRO and Team are spent by Jobs as well.
  const jobsNanoUsd = payer.canPay
    ? jobsCost(payer.jobs, monthStart(now), monthEnd(now), now).usedMicroUsd * 1000
    : 0;
  if (usedNanoUsd + jobsNanoUsd + world.state.router.placeholderNanoUsd <= ceiling(payer.credits))
    return undefined;
  if (world.state.router.words === '2025') {
    return 'You have exceeded your monthly included credits for Inference Providers. Subscribe to PRO to get 20x more monthly included credits.';
  }
  const depleted =
    'You have depleted your monthly included credits. Purchase pre-paid credits to continue using Inference Providers.';
  return isPro ? depleted : `${depleted} Alternatively, subscribe to PRO to get 20x more included usage.`;
}

/** Books the placeholder at once; the real cost takes its place when the provider has told it. */
export function book(
  world: World,
  payment: Payment,
  provider: string,
  model: string,
  costNanoUsd: number,
  session: string | undefined,
): void {
  const { payer, group } = payment;
  if ('customKeyProviders' in payer && payer.customKeyProviders.includes(provider)) return;
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
    ...(session !== undefined && { session }),
    ...(group && { resourceGroup: group.id }),
  });
}

/** Nano-USD: USD per million tokens is thousands of nano-USD per token. */
export function costOf({ pricing, isFree }: Offer, promptTokens: number, completionTokens: number): number {
  if (!pricing || isFree) return 0;
  return Math.round((promptTokens * pricing.input + completionTokens * pricing.output) * 1000);
}
