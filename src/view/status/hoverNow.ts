import * as l10n from '@vscode/l10n';
import type { Snapshot } from '../../account/snapshot.ts';
import { parseProfile, payingProfile } from '../../billing/profile.ts';
import { budgetScopes } from '../../limits/refusals/ownBudget.ts';
import { lastOf, type Refusal } from '../../limits/refusals/refusal.ts';
import { isOfHubWindow } from '../account/blockingLimit.ts';
import { heldMoney } from '../account/heldMoney.ts';
import { type Held, heldId, shownHeld } from '../account/heldRequests.ts';
import { heldForLimit } from '../account/heldText.ts';
import { isOfMoney, lastMoneyRefusal, moneyRefused, wasAcceptedSince } from '../account/moneyRefused.ts';
import {
  countsSeconds,
  isNearlyFull,
  ownWindows,
  resetText,
  type ShownWindow,
  windowTitle,
} from '../account/windows.ts';
import { commands } from '../contributions.ts';
import { groupRefusals, programsOf, type RefusalGroup } from '../refusals/refusalGroups.ts';
import { refusalEnd, refusalTitle } from '../refusals/refusalText.ts';
import { joined } from '../text/counts.ts';
import { commandLink, escapeMarkdown } from '../text/escapeMarkdown.ts';
import { oneLine } from '../text/plainText.ts';
import { shortProgram } from '../text/programName.ts';
import { clockText, clockWithSeconds, countsDownMs } from '../text/times.ts';
import { spokenUsage } from '../text/windowText.ts';
import type { ViewInput } from '../viewInput.ts';

const hourMs = 3_600_000;
const mostOfEach = 3;

/**
 * Lines of Markdown: held requests, windows that are full or nearly, and the refusals of the last hour. Ends are
 * times, not countdowns: VS Code draws an open hover anew whenever its text changes.
 */
export function hoverNow(input: ViewInput): string[] {
  const { held, now, snapshot } = input;
  const lately = snapshot.refusals.filter(
    refusal => now - lastOf(refusal) < hourMs && !isOfMonthlyBudget(refusal),
  );
  const told = toldOfPayer(input);
  const groups = groupRefusals(lately)
    .filter(
      ({ newest, refusals }) => !told.some(each => refusals.includes(each)) && !isOver(newest, snapshot),
    )
    .slice(0, mostOfEach);
  const isRefused = ({ provider, bucket }: ShownWindow) =>
    provider === undefined && groups.some(({ newest }) => isOpenBucket(newest, bucket, now));
  const windows = ownWindows(input).filter(
    window => isNearlyFull(window) && isOfPayer(window, input) && !isRefused(window),
  );
  const waiting = shownHeld(held, now);
  const lines = [
    ...waiting.slice(0, mostOfEach).map(each => heldLine(each, input)),
    ...(waiting.length > mostOfEach
      ? [`${escapeMarkdown(l10n.t('{0} more', waiting.length - mostOfEach))} · ${heldLinks()}`]
      : []),
    ...windows.slice(0, mostOfEach).map(window => escapeMarkdown(windowText(window, input))),
    ...groups.map(group => escapeMarkdown(refusalText(group, input))),
  ];
  const [first, ...rest] = lines;
  return first === undefined ? [] : [`**${l10n.t('Now')}** ${first}`, ...rest];
}

/** The refusals for money that the lines of the payer, and of whom it stands in for, tell of. */
function toldOfPayer(input: ViewInput): Refusal[] {
  const { payer } = input;
  return [payer.chosen, payingProfile(payer)].flatMap(profile => {
    const isTold = heldMoney(profile, input) !== undefined || moneyRefused(profile, input) !== undefined;
    return (isTold && lastMoneyRefusal(profile, input)) || [];
  });
}

/** A paused budget is told with its payer, and one that goes on refuses nothing now. */
function isOfMonthlyBudget({ by, scope }: Refusal): boolean {
  return by === 'headroom' && scope !== budgetScopes.run;
}

/** Whether its payer's money was accepted since. */
function isOver(refusal: Refusal, snapshot: Snapshot): boolean {
  const { billedTo = 'personal', cause } = refusal;
  const payer = isOfMoney(refusal) || cause === 'unsettled' ? parseProfile(billedTo) : undefined;
  return payer !== undefined && wasAcceptedSince(refusal, payer, snapshot);
}

/** The Hub's windows, and those of the key that pays. */
function isOfPayer({ provider }: ShownWindow, { payer }: ViewInput): boolean {
  const profile = payingProfile(payer);
  return provider === undefined || (profile.kind === 'provider-key' && profile.provider === provider);
}

/** Whether the refusal's line tells of this window of the Hub. */
function isOpenBucket(refusal: Refusal, bucket: string, now: number): boolean {
  const { cause, scope, resetsAt = 0 } = refusal;
  return cause === 'rate' && isOfHubWindow(refusal) && scope === bucket && resetsAt > now;
}

/** `12 requests of 2 programs for the Hub’s api window · until 14:10:38 · Release · Cancel` */
function heldLine(held: Held, input: ViewInput): string {
  const { until = 0 } = held;
  const end = until > input.now && l10n.t('until {0}', clockWithSeconds(until, input));
  const waiting = l10n.t('waiting: {0}', heldForLimit(held, input.locale));
  return `${escapeMarkdown(joined([waiting, end]))} · ${heldLinks(heldId(held))}`;
}

/** Without an id the commands ask. */
function heldLinks(id?: string): string {
  const release = commandLink(l10n.t('Release'), commands.releaseHeld, id);
  return `${release} · ${commandLink(l10n.t('Cancel'), commands.cancelHeld, id)}`;
}

/** `Hub downloads 11,990 of 12,000 · opens at 14:11:52` */
function windowText(window: ShownWindow, input: ViewInput): string {
  const { resetsAt = input.now, provider, model = '' } = window;
  return joined([
    `${windowTitle(window)} ${spokenUsage(window, input.locale)}`,
    countsSeconds(window, input.now)
      ? l10n.t('opens at {0}', clockWithSeconds(resetsAt, input))
      : resetText(window, input),
    provider !== undefined && oneLine(model, 60),
  ]);
}

/** `groq: tokens per minute, 12,000 · refused at 14:02 · until 14:11:36 · my_script.py · ×3` */
function refusalText(group: RefusalGroup, input: ViewInput): string {
  const { newest, count } = group;
  const { resetsAt = 0 } = newest;
  const left = resetsAt - input.now;
  const until = left > 0 && left < countsDownMs && l10n.t('until {0}', clockWithSeconds(resetsAt, input));
  const [program] = programsOf(group);
  return joined([
    refusalTitle(newest, input.locale),
    l10n.t('refused at {0}', clockText(lastOf(newest), input)),
    until || refusalEnd(newest, input),
    program && shortProgram(program),
    count > 1 && `×${count}`,
  ]);
}
