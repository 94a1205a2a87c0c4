import * as l10n from '@vscode/l10n';
import { isNetworkProblem } from '../../account/problem.ts';
import type { Snapshot } from '../../account/snapshot.ts';
import { payingProfile } from '../../billing/profile.ts';
import { formatCountdown } from '../../limits/headers/duration.ts';
import { type BlockingLimit, blockingLimit } from '../account/blockingLimit.ts';
import { creditsModel } from '../account/creditsModel.ts';
import { heldTotal, shownHeld } from '../account/heldRequests.ts';
import { heldTotalText, spokenHeldTotal } from '../account/heldText.ts';
import { sessionProblemText } from '../signIn/sessionProblemText.ts';
import { joined } from '../text/counts.ts';
import { iconSafe } from '../text/plainText.ts';
import { spokenDuration } from '../text/spoken.ts';
import type { ViewInput } from '../viewInput.ts';
import { creditsStatus } from './creditsStatus.ts';
import { hoverMarkdown } from './hoverMarkdown.ts';
import { besidePayer, heldPayer, otherPayer, pausedPayer, refusedPayer, withStandIn } from './payerStatus.ts';
import type { StatusBarKind, StatusBarModel } from './statusBarKind.ts';

const minuteMs = 60_000;

export interface StatusBarView extends StatusBarModel {
  /** Markdown. */
  readonly hover: string;
  /** Epoch ms at which the ages in the hover are right. */
  readonly hoverAt: number;
  /** Whether the text changes each second. */
  readonly countsDown: boolean;
}

/**
 * VS Code draws an open hover anew whenever its text changes, so ages alone move on once a minute.
 * @param hoverHeld the held requests for the hover, from `calmHeld`
 * @param last what is shown
 */
export function statusBarView(
  input: ViewInput,
  hoverHeld = input.held,
  last?: Pick<StatusBarView, 'hover' | 'hoverAt'>,
): StatusBarView {
  const model = statusBarModel(input);
  const still = { ...input, held: hoverHeld };
  const isRecent = last !== undefined && Math.abs(input.now - last.hoverAt) < minuteMs;
  const isSame = isRecent && hoverMarkdown(still, last.hoverAt) === last.hover;
  return {
    ...model,
    hover: isSame ? last.hover : hoverMarkdown(still),
    hoverAt: isSame ? last.hoverAt : input.now,
    // requests that are held now show after a second
    countsDown: input.held.length > 0 || model.kind === 'rate-limited',
  };
}

/**
 * The status bar: the first state that holds. In order: states that stop all work (no token, a rejected one, a
 * used-up budget, credits refused), held requests, a full limit, then the payer's amount, where a stale one raises no alarm.
 */
export function statusBarModel(input: ViewInput): StatusBarModel {
  const model = stopped(input) ?? withStandIn(payersAmount(input), input);
  const iconOnly = input.settings.show === 'icon';
  return iconOnly ? { ...model, text: model.text.replace(/^(\$\([^)]+\)).*$/s, '$1') } : model;
}

function stopped(input: ViewInput): StatusBarModel | undefined {
  const unusable = needsAccount(input) ? withoutToken(input.snapshot) : undefined;
  return unusable
    ? besidePayer(unusable, input)
    : (pausedPayer(input) ?? refusedPayer(input) ?? blocked(input) ?? heldPayer(input));
}

function withoutToken({ session, sessionProblem, account, credits }: Snapshot): StatusBarModel | undefined {
  if (!session && sessionProblem) {
    const { words, icon, sentence } = sessionProblemText(sessionProblem);
    return model(sessionProblem.kind, `$(${icon}) ${words}`, l10n.t('Hugging Face: {0}', sentence));
  }
  if (!session) {
    const words = l10n.t('Hugging Face: sign in');
    return model('signed-out', `$(account) ${words}`, words);
  }
  if ([account, credits].every(({ problem }) => problem?.kind !== 'invalid-token')) return undefined;
  const words = l10n.t('Hugging Face: sign in again');
  const why = l10n.t('Hugging Face: the token is rejected, sign in again');
  return model('invalid-token', `$(account) ${words}`, why, 'warning');
}

/** A provider key pays without a Hugging Face account, unless the keys' storage can't be read. */
function needsAccount({ snapshot: { session, sessionProblem }, payer }: ViewInput): boolean {
  if (payingProfile(payer).kind !== 'provider-key') return true;
  return !session && (sessionProblem?.kind === 'keyring' || sessionProblem?.kind === 'server-url');
}

/** Held requests come before a full limit: they say more, and need no action. */
function blocked(input: ViewInput): StatusBarModel | undefined {
  const { payer, now, locale } = input;
  const total = heldTotal(shownHeld(input.held, now), now);
  if (total) {
    const spoken = l10n.t('Hugging Face: {0}', spokenHeldTotal(total, now, locale));
    const held = model('held', `$(watch) ${heldTotalText(total, now, locale)}`, spoken);
    return { ...besidePayer(held, input), ...(payer.standIn && { background: 'warning' }) };
  }
  const limit = blockingLimit(input);
  if (!limit) return undefined;
  return besidePayer((limit.isWindow ? rateLimited : blockedName)(limit, now, locale), input);
}

/** A model or a program that a limit blocks. */
function blockedName({ name, until }: BlockingLimit, now: number, locale: string): StatusBarModel {
  const label = iconSafe(name);
  if (until === undefined) {
    const spoken = l10n.t('Hugging Face: {0} is refused', name);
    return model('rate-limited', `$(watch) ${l10n.t('{0} refused', label)}`, spoken, 'warning');
  }
  const text = joined([label, formatCountdown(until - now)]);
  const spoken = l10n.t(
    'Hugging Face: {0} is refused, again in {1}',
    name,
    spokenDuration(until - now, locale),
  );
  return model('rate-limited', `$(watch) ${text}`, spoken, 'warning');
}

function rateLimited({ name, until }: BlockingLimit, now: number, locale: string): StatusBarModel {
  const label = iconSafe(name);
  if (until === undefined) {
    const spoken = l10n.t('Hugging Face: rate limit reached, {0}', name);
    return model('rate-limited', `$(watch) ${l10n.t('{0} full', label)}`, spoken, 'warning');
  }
  const text = l10n.t('{0} full · {1}', label, formatCountdown(until - now));
  const left = spokenDuration(until - now, locale);
  const spoken = l10n.t('Hugging Face: rate limit reached, {0}, open again in {1}', name, left);
  return model('rate-limited', `$(watch) ${text}`, spoken, 'warning');
}

function payersAmount(input: ViewInput): StatusBarModel {
  const other = otherPayer(input);
  if (other) return other;
  const credits = creditsModel(input);
  if (!credits) return withoutAmount(input.snapshot);
  const account = input.snapshot.account.value;
  const isOrganization = account?.type === 'org';
  const owner = {
    name: isOrganization ? iconSafe(account.name) : undefined,
    icon: isOrganization ? 'organization' : 'hubot',
    plan: account?.plan,
    isOther: false,
  };
  return creditsStatus(owner, credits, input);
}

function withoutAmount({ account, credits }: Snapshot): StatusBarModel {
  const problem = credits.problem ?? account.problem;
  if (!problem) return model('loading', '$(loading~spin) Hugging Face', l10n.t('Hugging Face: loading'));
  if (problem.kind === 'missing-permission') {
    const spoken = l10n.t('Hugging Face: this token may not read billing');
    return model('no-permission', `$(lock) ${l10n.t('no billing permission')}`, spoken);
  }
  if (isNetworkProblem(problem.kind)) {
    const spoken = l10n.t('Hugging Face: offline, nothing is known yet');
    return model('offline', '$(debug-disconnect) Hugging Face', spoken);
  }
  return model('unavailable', '$(question) Hugging Face', l10n.t('Hugging Face: credits could not be read'));
}

function model(
  kind: StatusBarKind,
  text: string,
  accessibilityLabel: string,
  background?: 'warning',
): StatusBarModel {
  return { kind, text, accessibilityLabel, ...(background && { background }) };
}
