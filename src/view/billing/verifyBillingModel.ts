import * as l10n from '@vscode/l10n';
import { type BillingProfile, parseProfile } from '../../billing/profile.ts';
import { findProvider, providerName } from '../../billing/providers.ts';
import type { RouterModel, RouterOffer } from '../../hub/router.ts';
import type { Account } from '../../limits/account/account.ts';
import { type HeaderBag, headerValue } from '../../limits/headers/headers.ts';
import { readErrorResponse } from '../../limits/refusals/errorResponse.ts';
import { redact } from '../../limits/refusals/redact.ts';
import { classifyRefusal } from '../../limits/refusals/refusal.ts';
import { providerId } from '../../limits/refusals/serverToken.ts';
import { tokenUsageIn } from '../../limits/requests/tokenUsage.ts';
import { refusalSentence } from '../refusals/refusalText.ts';
import { exactUsd } from '../text/exactUsd.ts';
import { oneLine } from '../text/plainText.ts';
import type { ViewInput } from '../viewInput.ts';
import { payerName } from './payerText.ts';

/** A model of one provider. */
export interface Offer {
  readonly model: string;
  readonly provider: string;
  /** USD per million tokens; undefined: Hugging Face lists none. */
  readonly pricing?: RouterOffer['pricing'];
}

/**
 * The cheapest live chat model, for a key at its provider. Hugging Face does not bill a model without a price; a
 * provider may list its prices or models elsewhere. A free model comes last: it would bill no payer.
 */
export function cheapestOffer(models: readonly RouterModel[], profile: BillingProfile): Offer | undefined {
  const only = profile.kind === 'provider-key' ? profile.provider : undefined;
  const offers = models.flatMap(({ id, offers }) =>
    offers.flatMap(({ provider, status, pricing }) =>
      status === 'live' && (only === undefined ? pricing !== undefined : provider === only)
        ? [{ model: id, provider, pricing }]
        : [],
    ),
  );
  return offers.sort((a, b) => rank(a) - rank(b))[0] ?? unlistedOffer(only);
}

function rank({ pricing }: Offer): number {
  const price = pricing && pricing.input + pricing.output;
  if (price === undefined) return Number.MAX_VALUE;
  return price > 0 ? price : Number.POSITIVE_INFINITY;
}

function unlistedOffer(provider = ''): Offer | undefined {
  const model = findProvider(provider)?.chatModel;
  return model === undefined ? undefined : { model, provider };
}

/** One tiny question to exactly this offer, so that its price is known. */
export function verifyingRequest({ model, provider }: Offer): object {
  return {
    model: `${model}:${provider}`,
    messages: [{ role: 'user', content: 'Say hi.' }],
    max_tokens: 4,
    stream: false,
  };
}

/** Why nothing can be sent, in a sentence. */
export function noOfferText(profile: BillingProfile): string {
  if (profile.kind !== 'provider-key') {
    return l10n.t('Hugging Face lists no chat model with a price at present, so nothing was sent.');
  }
  const name = oneLine(providerName(profile.provider), 40);
  return findProvider(profile.provider)?.chatPath === undefined
    ? l10n.t('{0} has no chat models to verify with, so nothing was sent.', name)
    : l10n.t('Hugging Face lists no chat model of {0} at present, so nothing was sent.', name);
}

export interface VerifyOutcome {
  readonly good: boolean;
  /** Sentences in plain text. */
  readonly message: string;
}

/** The provider, the payer and the cost; or why the request was refused. */
export function verifyOutcome(
  response: { readonly status: number; readonly headers: HeaderBag; readonly text: string },
  offer: Offer | undefined,
  input: ViewInput,
): VerifyOutcome {
  const { snapshot, now, locale } = input;
  const account = snapshot.account.value;
  const payer = billedTo(headerValue(response.headers, 'x-headroom-billed-to'), account);
  if (!offer || response.status < 200 || response.status > 299) {
    const url = 'https://router.huggingface.co/v1/chat/completions';
    const error = { ...response, bodyText: response.text, url, at: now };
    const refusal = classifyRefusal({ ...error, source: 'gateway' });
    const text = oneLine(redact(readErrorResponse(error).text), 300) || '–';
    const words = refusal
      ? refusalSentence(refusal, input)
      : l10n.t('The answer was {0}: “{1}”', response.status, text);
    const said =
      payer === undefined
        ? l10n.t('The request failed.')
        : l10n.t('The request could not be billed to {0}.', payer);
    return { good: false, message: `${said} ${words}` };
  }
  const provider = providerId(headerValue(response.headers, 'x-inference-provider') ?? '') ?? offer.provider;
  const nanoUsd = provider === offer.provider ? costNanoUsd(response.text, offer) : undefined;
  const cost =
    nanoUsd === undefined
      ? l10n.t('Its cost is not known.')
      : l10n.t('It cost about {0}, by Hugging Face’s price list.', exactUsd(nanoUsd, locale));
  const said = l10n.t(
    '{0} answered with {1}.',
    oneLine(providerName(provider), 40),
    oneLine(offer.model, 80),
  );
  const billed = payer === undefined ? l10n.t('The payer is not known.') : l10n.t('Billed: {0}.', payer);
  return { good: payer !== undefined, message: [said, billed, cost].join(' ') };
}

function billedTo(text: string | undefined, account: Account | undefined): string | undefined {
  if (text === undefined) return undefined;
  const profile = parseProfile(text);
  return profile ? payerName(profile, account) : oneLine(text, 60);
}

/** USD per million tokens × 1,000 = nano-USD per token. */
function costNanoUsd(text: string, { pricing }: Offer): number | undefined {
  const usage = tokenUsageIn(text);
  if (usage?.costUsd !== undefined) return Math.round(usage.costUsd * 1e9);
  if (!pricing || usage?.promptTokens === undefined || usage.completionTokens === undefined) return undefined;
  return Math.round((usage.promptTokens * pricing.input + usage.completionTokens * pricing.output) * 1000);
}
