import { type BillingProfile, parseProfile, personalProfile } from '../../billing/profile.ts';
import type { Refusal } from '../../limits/refusals/refusal.ts';
import { isOfMoney } from '../account/moneyRefused.ts';
import { standInNotice } from '../billing/billingNoticesModel.ts';
import { type BlockedNotice, newBlockedNotices } from '../refusals/blockedNoticesModel.ts';
import type { ViewInput } from '../viewInput.ts';
import { creditsId, spendingLimitId } from './creditsLimits.ts';
import { type AlertMemory, type AlertNotice, markGone, newAlerts, wasToldGone } from './newAlerts.ts';

/** A refusal and the reading that shows why belong together. */
const sameEventMs = 3_600_000;

export interface NewNotices {
  /** A stand-in pays. */
  readonly standIn?: string;
  readonly blocked: readonly BlockedNotice[];
  readonly alerts: readonly AlertNotice[];
}

export interface NoticeOptions {
  /** Of this window's folder, whose stand-in it is. */
  readonly workspace?: string;
  /** Whether refusals are told. */
  readonly tellsBlocked: boolean;
  /** Limits are told later. */
  readonly isQuiet: boolean;
}

/** What to tell now of limits and money: one notice for one event, whichever source sees it first. */
export function newNotices(input: ViewInput, memory: AlertMemory, options: NoticeOptions): NewNotices {
  const { payer } = input;
  const standIn = standInNotice(input, memory.everywhere, options.workspace);
  // the stand-in is told instead, also in windows of other folders
  if (standIn !== undefined) {
    markGone(moneyIds(payer.chosen), input, memory);
  }
  const refused = options.tellsBlocked ? newBlockedNotices(input, memory.everywhere) : [];
  const blocked = refused.filter(({ refusals: [newest] }) => {
    if (!newest || !isOfMoney(newest) || newest.by !== 'huggingface') return true;
    return !moneyIds(payerOf(newest)).some(id => wasToldGone(id, input, memory, sameEventMs));
  });
  for (const { refusals } of blocked) {
    const [newest] = refusals;
    if (newest && isOfMoney(newest)) markGone(moneyIds(payerOf(newest)), input, memory);
  }
  return {
    ...(standIn !== undefined && { standIn }),
    blocked,
    alerts: newAlerts(input, memory, options.isQuiet),
  };
}

function moneyIds(payer: BillingProfile): string[] {
  return [creditsId(payer), spendingLimitId(payer)];
}

function payerOf({ billedTo }: Refusal): BillingProfile {
  return parseProfile(billedTo ?? '') ?? personalProfile;
}
