import * as l10n from '@vscode/l10n';
import { type BillingProfile, parseProfile } from '../../billing/profile.ts';
import { findProvider, providerName } from '../../billing/providers.ts';
import type { RouterModel, RouterOffer } from '../../hub/router.ts';
import type { Account } from '../../limits/account/account.ts';
import { type HeaderBag, headerValue } from '../../limits/headers/headers.ts';
import { readErrorResponse } from '../../limits/refusals/errorResponse.ts';
import { redact } from '../../limits/refusals/redact.ts';
import { classifyRefusal } from '../../limits/refusals/refusal.ts';
import { tokenUsageIn } from '../../limits/requests/tokenUsage.ts';
import { refusalSentence } from '../refusals/refusalText.ts';
import { oneLine } from '../text/plainText.ts';
import type { FaceInput } from '../viewInput.ts';
import { payerName } from './payerText.ts';

/** A model at one provider. */
export interface Offer {
  readonly model: string;
  readonly provider: string;
  /** USD per million tokens, where Hugging Face lists them. */
  readonly pricing?: RouterOffer['pricing'];
}

/**
 * The cheapest chat model that is live, for a key at its provider. Hugging Face does not bill for what has no price,
 * but a provider may list its prices elsewhere, or its models. One that costs nothing at present only when there is no
 * other: it would bill nobody.
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

/** One tiny question to exactly this offer, so that its price is known where it has one. */
export function verifyingRequest({ model, provider }: Offer): object {
  return {
    model: `${model}:${provider}`,
    messages: [{ role: 'user', content: 'Say hi.' }],
    max_tokens: 4,
    stream: false,
  };
}

/** Why nothing can be sent, in a full sentence. */
export function noOfferText(profile: BillingProfile): string {
  if (profile.kind !== 'provider-key') {
    return l10n.t('Hugging Face lists no chat model with a price at present, so nothing was sent.');
  }
  const name = oneLine(providerName(profile.provider), 40);
  return findProvider(profile.provider)?.chatPath === undefined
    ? l10n.t('{0} has no chat, which this would be tried with. Nothing was sent.', name)
    : l10n.t('Hugging Face lists no chat model of {0} at present, so nothing was sent.', name);
}

export interface Verdict {
  readonly good: boolean;
  /** Full sentences, plain text. */
  readonly message: string;
}

/** Which provider answered, who was billed and what it cost; or why it was refused. */
export function verdictOf(
  answer: { readonly status: number; readonly headers: HeaderBag; readonly text: string },
  offer: Offer | undefined,
  input: FaceInput,
): Verdict {
  const { snapshot, now, locale } = input;
  const account = snapshot.account.value;
  const who = billedTo(headerValue(answer.headers, 'x-headroom-billed-to'), account);
  if (!offer || answer.status < 200 || answer.status > 299) {
    const { text } = readErrorResponse({ ...answer, bodyText: answer.text, url: '', at: now });
    const refusal = classifyRefusal({
      ...answer,
      bodyText: answer.text,
      url: 'https://router.huggingface.co/v1/chat/completions',
      at: now,
      source: 'gateway',
    });
    const words = refusal
      ? refusalSentence(refusal, input)
      : l10n.t('It was answered with {0}: “{1}”', answer.status, oneLine(redact(text), 300) || '–');
    const said =
      who === undefined
        ? l10n.t('A request was not answered as it should.')
        : l10n.t('A request could not be billed to {0}.', who);
    return { good: false, message: `${said} ${words}` };
  }
  const provider = headerValue(answer.headers, 'x-inference-provider') ?? offer.provider;
  const nanoUsd = provider === offer.provider ? costNanoUsd(answer.text, offer) : undefined;
  const cost =
    nanoUsd === undefined
      ? l10n.t('What it cost is not known.')
      : l10n.t('It cost about {0}, by Hugging Face’s price list.', tinyUsd(nanoUsd, locale));
  const said = l10n.t(
    '{0} answered with {1}.',
    oneLine(providerName(provider), 40),
    oneLine(offer.model, 80),
  );
  const billed = who === undefined ? l10n.t('Who was billed is not known.') : l10n.t('Billed: {0}.', who);
  return { good: who !== undefined, message: [said, billed, cost].join(' ') };
}

function billedTo(text: string | undefined, account: Account | undefined): string | undefined {
  if (text === undefined) return undefined;
  const profile = parseProfile(text);
  return profile ? payerName(profile, account) : oneLine(text, 60);
}

/** USD per million tokens are as many thousand nano-USD per token. */
function costNanoUsd(text: string, { pricing }: Offer): number | undefined {
  const usage = tokenUsageIn(text);
  if (usage?.costUsd !== undefined) return Math.round(usage.costUsd * 1e9);
  if (!pricing || usage?.promptTokens === undefined || usage.completionTokens === undefined) return undefined;
  return Math.round((usage.promptTokens * pricing.input + usage.completionTokens * pricing.output) * 1000);
}

/** Amounts far below a cent, which are of interest here. */
function tinyUsd(nanoUsd: number, locale: string): string {
  const format = { style: 'currency', currency: 'USD', maximumSignificantDigits: 2 } as const;
  return new Intl.NumberFormat(locale, format).format(nanoUsd / 1e9);
}
