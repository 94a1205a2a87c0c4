import * as l10n from '@vscode/l10n';
import type { Preferences } from '../../billing/payerStore.ts';
import { type BillingProfile, formatProfile, parseProfile, sameProfile } from '../../billing/profile.ts';
import { nextMonthStart } from '../../limits/account/credits.ts';
import { countOf, lastOf, type Refusal } from '../../limits/refusals/refusal.ts';
import { remediesFor } from '../../limits/refusals/remedy.ts';
import { heldMoney } from '../account/heldMoney.ts';
import { isOfMoney, moneyIsBack } from '../account/moneyRefused.ts';
import type { Action } from '../action.ts';
import { oneLine } from '../text/plainText.ts';
import { shortProgram } from '../text/programName.ts';
import type { ViewInput } from '../viewInput.ts';
import { goesOn, groupRefusals, limitKey, type RefusalGroup } from './refusalGroups.ts';
import { refusalSentence } from './refusalText.ts';
import { remedyText } from './remedyText.ts';

/** An older refusal is no news: its program has printed it. */
const freshMs = 2 * 60_000;
/** A program that stands still this long looks broken. Libraries wait out shorter refusals unnoticed. */
const standstillMs = 30_000;
/** This many undated refusals in a minute block work. */
const manyRefusals = 5;
const minuteMs = 60_000;
/** A stand-in is known once it has answered. Then it has the notice. */
const failoverMs = 20_000;

export interface BlockedNotice {
  readonly message: string;
  /** The best remedy that is a command or a page. */
  readonly action?: Action;
  /** Newest first. */
  readonly refusals: readonly Refusal[];
}

/** Notices to report now. They count as reported in all windows until their episode is over. */
export function newBlockedNotices(input: ViewInput, reported: Preferences): BlockedNotice[] {
  const looked = new Set<string>();
  return groupRefusals(input.snapshot.refusals).flatMap(group => {
    const key = noticeKey(group.newest);
    if (looked.has(key)) return []; // an earlier episode of the same limit
    looked.add(key);
    if (isOver(group, input)) {
      if (reported.getPreference(key) !== undefined) reported.setPreference(key, undefined);
      return [];
    }
    if (!isBlocking(group, input) || wasCorrected(group, reported)) return [];
    const last = parseEpisode(reported.getPreference(key));
    const episode = formatEpisode(group, input);
    if (reported.getPreference(key) !== episode) reported.setPreference(key, episode);
    const known = last !== undefined && (group.oldest.at <= last.at || goesOn(last, group.oldest));
    return known ? [] : [noticeOf(group, input)];
  });
}

function noticeKey(refusal: Refusal): string {
  return `notice/blocked/${limitKey(refusal)}`;
}

/** Whether the same refusal was reported before its cause was corrected: one refusal, one notice. */
function wasCorrected({ newest }: RefusalGroup, reported: Preferences): boolean {
  if (newest.cause !== 'credits' && newest.cause !== 'unsettled') return false;
  const before = { ...newest, cause: newest.cause === 'credits' ? 'unsettled' : 'credits' } as const;
  const last = parseEpisode(reported.getPreference(noticeKey(before)));
  return last !== undefined && lastOf(newest) <= last.at;
}

/** Whether the refusals block the user's work. */
function isBlocking({ newest, refusals }: RefusalGroup, input: ViewInput): boolean {
  const { now, payer } = input;
  // a used-up budget has a notice of its own
  if (newest.by === 'headroom') return false;
  const last = lastOf(newest);
  if (last > now || now - last > freshMs) return false;
  // Headroom's own calls are not the user's work
  if (refusals.every(({ source }) => source === 'headroom')) return false;
  const { resetsAt } = newest;
  const standsStill = resetsAt !== undefined && resetsAt > now && resetsAt - last >= standstillMs;
  switch (newest.cause) {
    case 'credits':
    case 'unsettled':
    case 'spending-limit':
      if (tried(input).length > 0 && now - last < failoverMs) return false;
      // with a stand-in, requests go on
      return (
        payer.standIn === undefined &&
        (newest.billedTo === undefined || newest.billedTo === formatProfile(payer.chosen))
      );
    case 'quota':
      return resetsAt === undefined || standsStill;
    case 'plan':
      return true;
    case 'unknown':
      return standsStill;
    default:
      if (newest.status === 413) return false; // too large: only this one request is blocked
      return resetsAt === undefined
        ? refusals.reduce((sum, refusal) => sum + countSince(refusal, last - minuteMs), 0) >= manyRefusals
        : standsStill;
  }
}

/** Who pays when the chosen profile is refused. */
function tried({ payer, settings }: ViewInput): readonly BillingProfile[] {
  return (settings.failover ?? []).filter(profile => !sameProfile(profile, payer.chosen));
}

/** Refusals after `since`; an episode's are taken as evenly spread. */
function countSince(refusal: Refusal, since: number): number {
  const { at } = refusal;
  const last = lastOf(refusal);
  if (last <= since) return 0;
  return at > since ? countOf(refusal) : (countOf(refusal) * (last - since)) / (last - at);
}

/** Whether the last figures show money again. */
function isOver({ newest }: RefusalGroup, input: ViewInput): boolean {
  const payer = parseProfile(newest.billedTo ?? 'personal');
  if (newest.cause === 'unsettled') return payer !== undefined && heldMoney(payer, input) === undefined;
  return newest.by === 'huggingface' && moneyIsBack(newest, payer, input);
}

function noticeOf({ newest, refusals }: RefusalGroup, input: ViewInput): BlockedNotice {
  const remedies = remediesFor(newest);
  // after a wait only what helps at once: a page of plans does not, nor a request for more
  const slow = ['open', 'ask-for-more'];
  const best = remedies.find(({ kind }, index) => kind !== 'wait' && (index === 0 || !slow.includes(kind)));
  const action = best && remedyText(best)?.action;
  const provider = best?.kind === 'choose-provider' ? l10n.t('Another provider may serve it now.') : '';
  const sentence = [refusalSentence(newest, input), provider].filter(Boolean).join(' ');
  const program = refusals.find(refusal => refusal.program !== undefined)?.program;
  // a payer's money is refused for every model
  const model = isOfMoney(newest) || newest.cause === 'unsettled' ? '' : oneLine(newest.model ?? '', 60);
  const refused = program === undefined ? model : shortProgram(program);
  return {
    message: refused === '' ? sentence : l10n.t('{0} is refused. {1}', refused, sentence),
    ...(action && { action }),
    refusals,
  };
}

/** `AT UNTIL` of the newest refusal, epoch ms. Credits are back with the next month at the latest. */
function formatEpisode({ newest }: RefusalGroup, { serverNow }: ViewInput): string {
  const until = isOfMoney(newest) ? nextMonthStart(serverNow) : (newest.resetsAt ?? lastOf(newest));
  return `${lastOf(newest)} ${until}`;
}

function parseEpisode(text: string | undefined): { at: number; resetsAt: number } | undefined {
  const [at = Number.NaN, resetsAt = Number.NaN] = (text ?? '').split(' ').map(Number);
  return Number.isFinite(at) && Number.isFinite(resetsAt) ? { at, resetsAt } : undefined;
}
