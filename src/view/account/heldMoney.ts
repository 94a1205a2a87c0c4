import * as l10n from '@vscode/l10n';
import type { BillingProfile } from '../../billing/profile.ts';
import { placeholderNanoUsd, unspentNanoUsd } from '../../limits/account/credits.ts';
import { formatUsd } from '../../limits/account/money.ts';
import { lastOf } from '../../limits/refusals/refusal.ts';
import { settlingMs } from '../../limits/refusals/unsettled.ts';
import { formatCount, joined } from '../text/counts.ts';
import type { ViewInput } from '../viewInput.ts';
import {
  acceptedOf,
  figuresOf,
  lastMoneyRefusal,
  type MoneyInput,
  recentMoneyRefusal,
  wasAcceptedSince,
} from './moneyRefused.ts';
import { isOfEarlierMonth } from './staleness.ts';

const minuteMs = 60_000;

/** Money of a payer that unsettled requests hold, so that it was refused a request. */
export interface HeldMoney {
  /** At most, a part of what is left; undefined: not known. */
  readonly nanoUsd?: number;
  /** Of the included credits, with what is held; undefined: not known. */
  readonly leftNanoUsd?: number;
  /** Epoch ms at which it has usually cleared. */
  readonly until: number;
}

/**
 * The one source of what is left and held, for every view. Undefined: the payer was not refused for it, the time has
 * passed, or newer figures show that it cleared.
 */
export function heldMoney(profile: BillingProfile, input: MoneyInput): HeldMoney | undefined {
  const { snapshot, now } = input;
  const refusal = lastMoneyRefusal(profile, input);
  if (refusal?.cause !== 'unsettled') return undefined;
  const accepted = acceptedOf(profile, snapshot);
  const until = (accepted?.openSince ?? lastOf(refusal)) + settlingMs;
  if (until <= now) return undefined;
  const figures = figuresOf(profile, input);
  if (!figures?.value || isOfEarlierMonth(figures, input)) {
    return { nanoUsd: accepted?.heldNanoUsd || undefined, until };
  }
  const { value, asOf = 0 } = figures;
  const { usedNanoUsd: used, includedNanoUsd: included } = value;
  const ofFigures = profile.kind === 'personal' && now - asOf < settlingMs ? snapshot.heldNanoUsd : undefined;
  const isFree = included !== undefined && included - used >= placeholderNanoUsd;
  if (asOf > lastOf(refusal) && ofFigures === 0 && isFree) return undefined;
  const held = Math.max(ofFigures ?? 0, accepted?.heldNanoUsd ?? 0);
  const left = included === undefined ? undefined : unspentNanoUsd(used, included, held);
  return {
    nanoUsd: Math.min(held, left ?? held) || undefined,
    leftNanoUsd: left || undefined,
    until,
  };
}

/**
 * What is left by figures from before the payer's success: what they say is held was free by then. Undefined: the payer
 * was not refused because of holds, or the figures are newer.
 */
export function freedNanoUsd(profile: BillingProfile, input: MoneyInput): number | undefined {
  const { snapshot } = input;
  const refusal = recentMoneyRefusal(profile, input);
  const figures = figuresOf(profile, input);
  const { includedNanoUsd, usedNanoUsd = 0 } = figures?.value ?? {};
  if (profile.kind !== 'personal' || refusal?.cause !== 'unsettled' || includedNanoUsd === undefined)
    return undefined;
  const isOlder = (figures?.asOf ?? 0) < (acceptedOf(profile, snapshot)?.lastAt ?? 0);
  if (!isOlder || !wasAcceptedSince(refusal, profile, snapshot)) return undefined;
  return unspentNanoUsd(usedNanoUsd, includedNanoUsd, snapshot.heldNanoUsd ?? 0);
}

/** `$0.09 held · ~4 min`. */
export function heldMoneyText({ nanoUsd, until }: HeldMoney, { now, locale }: ViewInput): string {
  const minutes = l10n.t('~{0} min', Math.ceil((until - now) / minuteMs));
  return nanoUsd === undefined
    ? l10n.t('credits held · {0}', minutes)
    : joined([l10n.t('{0} held', formatUsd(nanoUsd, locale)), minutes]);
}

/** Why a request was refused although money is left, and when it usually clears. */
export function heldMoneySentence(held: HeldMoney | undefined, locale: string): string {
  const { nanoUsd = 0, leftNanoUsd } = held ?? {};
  const open = Math.round(nanoUsd / placeholderNanoUsd);
  if (leftNanoUsd === undefined || open < 1) {
    return l10n.t(
      'Refused although credits are left: Hugging Face holds about $0.01 for each request until it is settled. It usually clears within 5 minutes. Nothing was charged.',
    );
  }
  const left = formatUsd(leftNanoUsd, locale);
  return open === 1
    ? l10n.t(
        'Refused although {0} is left: Hugging Face holds about $0.01 for each request until it is settled, and one is open. It usually clears within 5 minutes. Nothing was charged.',
        left,
      )
    : l10n.t(
        'Refused although {0} is left: Hugging Face holds about $0.01 for each request until it is settled, and {1} are open. It usually clears within 5 minutes. Nothing was charged.',
        left,
        formatCount(open, locale),
      );
}
