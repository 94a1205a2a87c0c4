import * as l10n from '@vscode/l10n';
import { isNetworkProblem } from '../../account/problem.ts';
import type { SessionProblem, Snapshot } from '../../account/snapshot.ts';
import { personalProfile } from '../../billing/profile.ts';
import { formatUsd } from '../../limits/account/money.ts';
import { formatCountdown } from '../../limits/headers/duration.ts';
import { type HoldUp, holdUp } from '../account/buckets.ts';
import { type CreditsFace, creditsFace, shownAmount } from '../account/creditsModel.ts';
import { monthUsedText, spokenBalance, spokenEarlierMonth } from '../account/creditsText.ts';
import { moneyRefused } from '../account/moneyRefused.ts';
import { payingProfile } from '../billing/payerText.ts';
import { sessionProblemText } from '../signIn/sessionProblemText.ts';
import { iconSafe } from '../text/plainText.ts';
import { spokenAge, spokenDuration, spokenUsd } from '../text/spoken.ts';
import { ageText } from '../text/times.ts';
import { type FaceInput, type FaceOptions, faceInput } from '../viewInput.ts';
import { besidePayer, otherPayer, refusedPayer, withStandIn } from './payerStatus.ts';
import { waitingStatus } from './waitingStatus.ts';

export type StatusBarKind =
  | 'signed-out'
  | SessionProblem['kind']
  | 'invalid-token'
  | 'exhausted'
  | 'waiting'
  | 'rate-limited'
  | 'loading'
  | 'no-permission'
  | 'offline'
  | 'unavailable'
  | 'stale'
  | 'pay-as-you-go'
  | 'low'
  | 'fresh'
  | 'organization'
  | 'provider-key';

export interface StatusBarModel {
  readonly kind: StatusBarKind;
  /** With codicons; remote names in it are escaped. */
  readonly text: string;
  readonly background?: 'warning' | 'error';
  /** The same in words. */
  readonly accessibilityLabel: string;
}

/**
 * What the status bar says. The first that holds wins: what stops all work (no token, a bad one, credits refused),
 * then who waits (requests in the gateway, or all for a limit that is full), then what hides the amount, then a stale
 * amount (it may be wrong, so it raises no alarm), then what is remarkable about a fresh one. The amount is of whoever
 * pays.
 */
export function statusBarModel(
  snapshot: Snapshot,
  options: FaceOptions,
  now: number,
  locale: string,
): StatusBarModel {
  const input = faceInput(snapshot, options, now, locale);
  const model =
    stopped(input) ?? withStandIn(otherPayer(input) ?? amount(input) ?? withoutAmount(snapshot), input);
  return options.show === 'icon' ? { ...model, text: model.text.replace(/^(\$\([^)]+\)).*$/s, '$1') } : model;
}

function stopped(input: FaceInput): StatusBarModel | undefined {
  const { snapshot } = input;
  if (!needsAccount(input)) return refusedPayer(input) ?? heldUp(input);
  if (!snapshot.session) {
    if (snapshot.sessionProblem) return besidePayer(withoutSession(snapshot.sessionProblem), input);
    const words = l10n.t('Hugging Face: sign in');
    return besidePayer(model('signed-out', `$(account) ${words}`, words), input);
  }
  if ([snapshot.account, snapshot.credits].some(({ problem }) => problem?.kind === 'invalid-token')) {
    const words = l10n.t('Hugging Face: sign in again');
    const why = l10n.t('Hugging Face: the token is rejected, sign in again');
    return besidePayer(
      { ...model('invalid-token', `$(account) ${words}`, why), background: 'warning' },
      input,
    );
  }
  if (payingProfile(input.payer).kind !== 'personal') return refusedPayer(input) ?? heldUp(input);
  if (moneyRefused(personalProfile, input)) {
    const words = l10n.t('credits used up');
    const why = l10n.t('Hugging Face: credits used up, requests are refused');
    return { ...model('exhausted', `$(error) ${words}`, why), background: 'error' };
  }
  return heldUp(input);
}

/** A provider's key pays without an account at Hugging Face, unless the place where keys are can't be read. */
function needsAccount({ snapshot: { session, sessionProblem }, payer }: FaceInput): boolean {
  if (payingProfile(payer).kind !== 'provider-key') return true;
  return !session && (sessionProblem?.kind === 'keyring' || sessionProblem?.kind === 'server-url');
}

function heldUp(input: FaceInput): StatusBarModel | undefined {
  const { snapshot, now, locale } = input;
  const waiting = waitingStatus(input);
  if (waiting) return waiting;
  const held = holdUp(snapshot, now);
  return held && besidePayer(rateLimited(held, now, locale), input);
}

function withoutSession(problem: SessionProblem): StatusBarModel {
  const { words, icon, sentence } = sessionProblemText(problem);
  return model(problem.kind, `$(${icon}) ${words}`, l10n.t('Hugging Face: {0}', sentence));
}

function rateLimited({ name, until }: HoldUp, now: number, locale: string): StatusBarModel {
  const label = iconSafe(name);
  const text =
    until === undefined
      ? l10n.t('{0} full', label)
      : l10n.t('{0} full · {1}', label, formatCountdown(until - now));
  const spoken =
    until === undefined
      ? l10n.t('Hugging Face: rate limit reached, {0}', name)
      : l10n.t(
          'Hugging Face: rate limit reached, {0}, open again in {1}',
          name,
          spokenDuration(until - now, locale),
        );
  return { ...model('rate-limited', `$(watch) ${text}`, spoken), background: 'warning' };
}

function withoutAmount({ account, credits }: Snapshot): StatusBarModel {
  const problem = credits.problem ?? account.problem;
  if (!problem) return model('loading', '$(loading~spin) Hugging Face', l10n.t('Hugging Face: loading'));
  if (problem.kind === 'missing-permission') {
    const words = l10n.t('no billing permission');
    return model(
      'no-permission',
      `$(lock) ${words}`,
      l10n.t('Hugging Face: this token may not read billing'),
    );
  }
  if (isNetworkProblem(problem.kind)) {
    return model(
      'offline',
      '$(debug-disconnect) Hugging Face',
      l10n.t('Hugging Face: offline, nothing is known yet'),
    );
  }
  return model('unavailable', '$(question) Hugging Face', l10n.t('Hugging Face: credits could not be read'));
}

function amount(input: FaceInput): StatusBarModel | undefined {
  const face = creditsFace(input);
  if (!face) return undefined;
  const { snapshot, options, now, locale } = input;
  const account = snapshot.account.value;
  const shown = shownAmount(face, options.show, account?.plan);
  const { remainingNanoUsd = 0, usedNanoUsd } = face.balance;
  const money = formatUsd(shown === 'left' ? remainingNanoUsd : usedNanoUsd, locale);
  const payer = account?.type === 'org' ? `${iconSafe(account.name)} · ` : '';
  const spoken = spokenAmount(face, shown, input);
  if (face.earlierMonth !== undefined) {
    const used = monthUsedText(usedNanoUsd, face.earlierMonth, locale);
    const age = spokenAge(face.asOf, now, locale);
    return model(
      'stale',
      `$(history) ${payer}${used} · ${ageText(face.asOf, now, locale)}`,
      l10n.t(
        'Hugging Face: credits {0}, updated {1}',
        spokenEarlierMonth(usedNanoUsd, face.earlierMonth, locale),
        age,
      ),
    );
  }
  if (face.stale) {
    return model('stale', `$(history) ${payer}${money} · ${ageText(face.asOf, now, locale)}`, spoken);
  }
  if (face.payAsYouGo) {
    const text = l10n.t('{0} this month', formatUsd(usedNanoUsd, locale));
    return model('pay-as-you-go', `$(credit-card) ${payer}${text}`, spoken);
  }
  const overBudget = face.wholeNanoUsd === undefined ? 0 : usedNanoUsd - face.wholeNanoUsd;
  const text =
    shown === 'left' && overBudget > 0
      ? l10n.t('{0} over budget', formatUsd(overBudget, locale))
      : shown === 'left'
        ? l10n.t('{0} left', money)
        : l10n.t('{0} used', money);
  if (face.low || face.runsOutAt !== undefined) {
    return { ...model('low', `$(warning) ${payer}${text}`, spoken), background: 'warning' };
  }
  return model('fresh', `${payer ? '$(organization)' : '$(hubot)'} ${payer}${text}`, spoken);
}

function spokenAmount(face: CreditsFace, shown: 'left' | 'used', { now, locale }: FaceInput): string {
  const age = spokenAge(face.asOf, now, locale);
  const { balance, wholeNanoUsd } = face;
  if (face.payAsYouGo || (wholeNanoUsd !== undefined && balance.usedNanoUsd > wholeNanoUsd)) {
    return l10n.t('Hugging Face: {0}, updated {1}', spokenBalance(balance, wholeNanoUsd, locale), age);
  }
  if (shown === 'used') {
    return l10n.t(
      'Hugging Face: {0} used this month, updated {1}',
      spokenUsd(balance.usedNanoUsd, locale),
      age,
    );
  }
  const left = spokenUsd(balance.remainingNanoUsd ?? 0, locale);
  return balance.measuredAgainst === 'budget'
    ? l10n.t('Hugging Face: {0} of your budget left, updated {1}', left, age)
    : l10n.t('Hugging Face: {0} of included credits left, updated {1}', left, age);
}

function model(kind: StatusBarKind, text: string, accessibilityLabel: string): StatusBarModel {
  return { kind, text, accessibilityLabel };
}
