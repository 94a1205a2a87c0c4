import * as l10n from '@vscode/l10n';
import { monthStart } from '../../limits/account/credits.ts';
import { namesSpendLimit } from '../../limits/account/endpointChange.ts';
import { type Endpoint, type QuotaEffect, quotaEffect } from '../../limits/account/endpoints.ts';
import { lastOf } from '../../limits/refusals/refusal.ts';
import { colors, type Icon } from '../text/colors.ts';
import { oneLine } from '../text/plainText.ts';
import type { ViewInput } from '../viewInput.ts';

const hourMs = 3_600_000;

const states = new Map<string, { readonly text: () => string; readonly icon: Icon }>([
  ['pending', { text: () => l10n.t('pending'), icon: { id: 'sync' } }],
  ['initializing', { text: () => l10n.t('initializing'), icon: { id: 'sync' } }],
  ['updating', { text: () => l10n.t('updating'), icon: { id: 'sync' } }],
  ['updateFailed', { text: () => l10n.t('update failed'), icon: { id: 'error', color: colors.error } }],
  ['running', { text: () => l10n.t('running'), icon: { id: 'circle-filled', color: colors.good } }],
  ['paused', { text: () => l10n.t('paused'), icon: { id: 'circle-outline' } }],
  ['failed', { text: () => l10n.t('failed'), icon: { id: 'error', color: colors.error } }],
  ['scaledToZero', { text: () => l10n.t('scaled to zero'), icon: { id: 'color-mode' } }],
]);

/** Hugging Face's state in words; a new state as it came. */
export function stateText(state: Endpoint['state']): string {
  return states.get(state)?.text() ?? oneLine(state, 40);
}

export function stateIcon(state: Endpoint['state']): Icon {
  return states.get(state)?.icon ?? { id: 'question' };
}

/**
 * `spending limit`: for HF it is paused, or whatever it was. HF's words about the state say so, or its answer to a start
 * of this month. One that runs again may have had its limit raised: only requests of the last hour tell.
 */
export function hasSpentLimit(endpoint: Endpoint, { snapshot, now, serverNow }: ViewInput): boolean {
  const { namespace, name, url = '' } = endpoint;
  const host = URL.parse(url)?.hostname;
  const startsSince = isAsleep(endpoint) ? monthStart(serverNow) : Infinity;
  return (
    namesSpendLimit(endpoint) ||
    snapshot.refusals.some(refusal => {
      if (refusal.cause !== 'spending-limit' || refusal.model === undefined) return false;
      const last = lastOf(refusal);
      if (refusal.model === host) return last >= now - hourMs;
      return refusal.model === `${namespace}/${name}` && last >= startsSince;
    })
  );
}

/** The state of an endpoint whose resource group has spent its limit, for which HF has no name. */
export function spendLimitSentence(): string {
  return l10n.t(
    'The resource group of its model has reached its spending limit, so Hugging Face rejects what would cost money. The group’s or the organization’s admins can raise it.',
  );
}

/** Costs nothing until a request or a person wakes it. */
export function isAsleep({ state }: Endpoint): boolean {
  return state === 'paused' || state === 'scaledToZero';
}

export function isBroken({ state }: Endpoint): boolean {
  return state === 'failed' || state === 'updateFailed';
}

/** `counts` towards the quota, for the row of a sleeping endpoint. */
export function quotaText(endpoint: Endpoint): string {
  return quotaEffect(endpoint).counts ? l10n.t('counts') : l10n.t('does not count');
}

/** Why the endpoint counts towards the quota or not, in a sentence. */
export function quotaSentence(endpoint: Endpoint): string {
  return quotaReasons[quotaEffect(endpoint).reason]();
}

const quotaReasons: Readonly<Record<QuotaEffect['reason'], () => string>> = {
  running: () => l10n.t('It runs, so it counts towards the instance quota.'),
  starting: () => l10n.t('It is starting, so it counts towards the instance quota.'),
  updating: () => l10n.t('It still runs during its update, so it counts towards the instance quota.'),
  'scaled-to-zero': () =>
    l10n.t(
      'Scaled to zero costs nothing, but keeps its place in the instance quota: a request can wake it at any time.',
    ),
  paused: () =>
    l10n.t('Paused costs nothing and does not count towards the instance quota. Resume it by hand.'),
  'update-failed': () =>
    l10n.t('Its update failed. If its last version still runs, it counts towards the instance quota.'),
  failed: () =>
    l10n.t('Hugging Face does not say whether a failed endpoint counts towards the instance quota.'),
  'unknown-state': () =>
    l10n.t('Headroom does not know this state, nor whether it counts towards the instance quota.'),
};
