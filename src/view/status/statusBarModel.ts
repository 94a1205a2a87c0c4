import * as l10n from '@vscode/l10n';
import { isNetworkProblem } from '../../account/problem.ts';
import type { SessionProblem, Snapshot } from '../../account/snapshot.ts';
import { payingProfile, personalProfile } from '../../billing/profile.ts';
import { formatCountdown } from '../../limits/headers/duration.ts';
import { type BlockingLimit, blockingLimit } from '../account/buckets.ts';
import { creditsModel } from '../account/creditsModel.ts';
import { heldTotal, shownHeld } from '../account/heldRequests.ts';
import { heldTotalText, spokenHeldTotal } from '../account/heldText.ts';
import { moneyRefused } from '../account/moneyRefused.ts';
import { sessionProblemText } from '../signIn/sessionProblemText.ts';
import { iconSafe } from '../text/plainText.ts';
import { spokenDuration } from '../text/spoken.ts';
import type { ViewInput } from '../viewInput.ts';
import { creditsStatus } from './creditsStatus.ts';
import { besidePayer, otherPayer, refusedPayer, withStandIn } from './payerStatus.ts';
import type { StatusBarKind, StatusBarModel } from './statusBarKind.ts';

/**
 * The status bar: the first state that holds. In order: states that stop all work (no token, a rejected one, credits
 * refused), held requests, a full limit, then the payer's amount, where a stale one raises no alarm.
 */
export function statusBarModel(input: ViewInput): StatusBarModel {
  const model = stopped(input) ?? withStandIn(payersAmount(input), input);
  const iconOnly = input.settings.show === 'icon';
  return iconOnly ? { ...model, text: model.text.replace(/^(\$\([^)]+\)).*$/s, '$1') } : model;
}

function stopped(input: ViewInput): StatusBarModel | undefined {
  const { snapshot } = input;
  if (!needsAccount(input)) return refusedPayer(input) ?? blocked(input);
  if (!snapshot.session) {
    if (snapshot.sessionProblem) return besidePayer(withoutSession(snapshot.sessionProblem), input);
    const words = l10n.t('Hugging Face: sign in');
    return besidePayer(model('signed-out', `$(account) ${words}`, words), input);
  }
  if ([snapshot.account, snapshot.credits].some(({ problem }) => problem?.kind === 'invalid-token')) {
    const words = l10n.t('Hugging Face: sign in again');
    const why = l10n.t('Hugging Face: the token is rejected, sign in again');
    const rejected = model('invalid-token', `$(account) ${words}`, why);
    return besidePayer({ ...rejected, background: 'warning' }, input);
  }
  if (payingProfile(input.payer).kind !== 'personal') return refusedPayer(input) ?? blocked(input);
  if (moneyRefused(personalProfile, input)) {
    const words = l10n.t('credits used up');
    const why = l10n.t('Hugging Face: credits used up, requests are refused');
    return { ...model('exhausted', `$(error) ${words}`, why), background: 'error' };
  }
  return blocked(input);
}

/** A provider key pays without a Hugging Face account, unless the keys' storage can't be read. */
function needsAccount({ snapshot: { session, sessionProblem }, payer }: ViewInput): boolean {
  if (payingProfile(payer).kind !== 'provider-key') return true;
  return !session && (sessionProblem?.kind === 'keyring' || sessionProblem?.kind === 'server-url');
}

/** Held requests come before a full limit: they say more, and need no action. */
function blocked(input: ViewInput): StatusBarModel | undefined {
  const { snapshot, payer, now, locale } = input;
  const total = heldTotal(shownHeld(input.held, now), now);
  if (total) {
    const spoken = l10n.t('Hugging Face: {0}', spokenHeldTotal(total, now, locale));
    const held = model('held', `$(watch) ${heldTotalText(total, now, locale)}`, spoken);
    return { ...besidePayer(held, input), ...(payer.standIn && { background: 'warning' }) };
  }
  const limit = blockingLimit(snapshot, now);
  return limit && besidePayer(rateLimited(limit, now, locale), input);
}

function withoutSession(problem: SessionProblem): StatusBarModel {
  const { words, icon, sentence } = sessionProblemText(problem);
  return model(problem.kind, `$(${icon}) ${words}`, l10n.t('Hugging Face: {0}', sentence));
}

function rateLimited({ name, until }: BlockingLimit, now: number, locale: string): StatusBarModel {
  const limited = (text: string, spoken: string): StatusBarModel => ({
    ...model('rate-limited', `$(watch) ${text}`, spoken),
    background: 'warning',
  });
  const label = iconSafe(name);
  if (until === undefined) {
    return limited(l10n.t('{0} full', label), l10n.t('Hugging Face: rate limit reached, {0}', name));
  }
  const left = spokenDuration(until - now, locale);
  return limited(
    l10n.t('{0} full · {1}', label, formatCountdown(until - now)),
    l10n.t('Hugging Face: rate limit reached, {0}, open again in {1}', name, left),
  );
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

function model(kind: StatusBarKind, text: string, accessibilityLabel: string): StatusBarModel {
  return { kind, text, accessibilityLabel };
}
