import * as l10n from '@vscode/l10n';
import { formatProfile, parseProfile } from '../../billing/profile.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { nextMonthStart } from '../../limits/account/credits.ts';
import type { Refusal } from '../../limits/refusals/refusal.ts';
import { remediesFor } from '../../limits/refusals/remedy.ts';
import { moneyIsBack } from '../account/moneyRefused.ts';
import type { Action } from '../action.ts';
import type { FaceInput } from '../viewInput.ts';
import { goesOn, groupRefusals, limitKey, type RefusalGroup } from './refusalGroups.ts';
import { shortProgram } from './refusalLabels.ts';
import { refusalSentence } from './refusalText.ts';
import { remedyText } from './remedyText.ts';

/** Of a refusal that is older, whoever waits for the program has heard from the program. */
const freshMs = 2 * 60_000;
/** Libraries wait for less by themselves. */
const shortWaitMs = 60_000;
/** As many refusals in a minute are work that does not get on, although nobody said for how long. */
const many = 5;

export interface BlockedNotice {
  readonly message: string;
  /** The best remedy, where a command or a page is one. */
  readonly action?: Action;
  /** Newest first. */
  readonly refusals: readonly Refusal[];
}

type Told = Pick<Ledger, 'getPreference' | 'setPreference'>;

/** What is to be told now. It counts as told from here on, in all windows, until the episode is over. */
export function untoldBlocked(input: FaceInput, told: Told): BlockedNotice[] {
  const looked = new Set<string>();
  return groupRefusals(input.snapshot.refusals).flatMap(group => {
    const key = `notice/blocked/${limitKey(group.newest)}`;
    if (looked.has(key)) return []; // an earlier episode of the same limit
    looked.add(key);
    if (isOver(group, input)) {
      if (told.getPreference(key) !== undefined) told.setPreference(key, undefined);
      return [];
    }
    if (!isBlocking(group, input)) return [];
    const last = parseEpisode(told.getPreference(key));
    const episode = formatEpisode(group, input);
    if (told.getPreference(key) !== episode) told.setPreference(key, episode);
    const known = last !== undefined && (group.oldest.at <= last.at || goesOn(last, group.oldest));
    return known ? [] : [noticeOf(group, input)];
  });
}

/** Whether work of the user's own does not get on because of it. */
export function isBlocking({ newest, refusals }: RefusalGroup, input: FaceInput): boolean {
  const { now, payer } = input;
  if (newest.at > now || now - newest.at > freshMs) return false;
  // Headroom's own calls are nobody's work
  if (refusals.every(({ source }) => source === 'headroom')) return false;
  const left = newest.resetsAt === undefined ? undefined : newest.resetsAt - now;
  switch (newest.cause) {
    case 'credits':
    case 'spending-limit':
      // somebody else pays meanwhile: nothing is blocked
      return (
        payer.standIn === undefined &&
        (newest.billedTo === undefined || newest.billedTo === formatProfile(payer.chosen))
      );
    case 'quota':
      return left === undefined || left >= shortWaitMs;
    case 'unknown':
      return false;
    default:
      if (newest.status === 413) return false; // one request, and its program knows which
      return left === undefined
        ? refusals.filter(({ at }) => newest.at - at < shortWaitMs).length >= many
        : left >= shortWaitMs;
  }
}

/** Money is there again, as the last figures say. */
function isOver({ newest }: RefusalGroup, input: FaceInput): boolean {
  return (
    ofMoney(newest) &&
    newest.by === 'huggingface' &&
    moneyIsBack(newest, parseProfile(newest.billedTo ?? 'personal'), input)
  );
}

function ofMoney({ cause }: Refusal): boolean {
  return cause === 'credits' || cause === 'spending-limit';
}

function noticeOf({ newest, refusals }: RefusalGroup, input: FaceInput): BlockedNotice {
  const sentence = refusalSentence(newest, input);
  const [best] = remediesFor(newest);
  const action = best && remedyText(best)?.action;
  const program = refusals.find(refusal => refusal.program !== undefined)?.program;
  return {
    message:
      program === undefined ? sentence : l10n.t('{0} is refused. {1}', shortProgram(program), sentence),
    ...(action && { action }),
    refusals,
  };
}

/** `at until`: of the last refusal that was looked at, in epoch ms. Credits are back with the month at the latest. */
function formatEpisode({ newest }: RefusalGroup, { serverNow }: FaceInput): string {
  const until = ofMoney(newest) ? nextMonthStart(serverNow) : (newest.resetsAt ?? newest.at);
  return `${newest.at} ${until}`;
}

function parseEpisode(text: string | undefined): { at: number; resetsAt: number } | undefined {
  const [at = Number.NaN, resetsAt = Number.NaN] = (text ?? '').split(' ').map(Number);
  return Number.isFinite(at) && Number.isFinite(resetsAt) ? { at, resetsAt } : undefined;
}
