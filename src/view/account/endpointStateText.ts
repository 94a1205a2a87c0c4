import * as l10n from '@vscode/l10n';
import { type Endpoint, quotaEffect } from '../../limits/account/endpoints.ts';
import { oneLine } from '../text/plainText.ts';
import { colors } from '../tree/treeNode.ts';

/** Hugging Face's state in words; one that is new here is shown as it came. */
export function stateText(state: Endpoint['state']): string {
  switch (state) {
    case 'pending':
      return l10n.t('pending');
    case 'initializing':
      return l10n.t('initializing');
    case 'updating':
      return l10n.t('updating');
    case 'updateFailed':
      return l10n.t('update failed');
    case 'running':
      return l10n.t('running');
    case 'paused':
      return l10n.t('paused');
    case 'failed':
      return l10n.t('failed');
    case 'scaledToZero':
      return l10n.t('scaled to zero');
    default:
      return oneLine(state, 40);
  }
}

export function stateIcon(state: Endpoint['state']): { id: string; color?: string } {
  switch (state) {
    case 'pending':
    case 'initializing':
    case 'updating':
      return { id: 'sync' };
    case 'updateFailed':
    case 'failed':
      return { id: 'error', color: colors.error };
    case 'running':
      return { id: 'circle-filled', color: colors.good };
    case 'paused':
      return { id: 'circle-outline' };
    case 'scaledToZero':
      return { id: 'color-mode' };
    default:
      return { id: 'question' };
  }
}

/** `counts towards quota`, for a row. */
export function quotaText(endpoint: Endpoint): string {
  const { counts } = quotaEffect(endpoint);
  if (counts === undefined) return l10n.t('may count towards quota');
  return counts ? l10n.t('counts towards quota') : l10n.t('does not count towards quota');
}

/** Why it counts or not, in a sentence. */
export function quotaSentence(endpoint: Endpoint): string {
  switch (quotaEffect(endpoint).reason) {
    case 'running':
      return l10n.t('It counts towards the instance quota because it runs.');
    case 'starting':
      return l10n.t('It counts towards the instance quota because it is starting.');
    case 'updating':
      return l10n.t('It counts towards the instance quota because it goes on running while it is updated.');
    case 'scaled-to-zero':
      return l10n.t(
        'Scaled to zero costs nothing, but it keeps its place in the instance quota: a request can wake it at any time.',
      );
    case 'paused':
      return l10n.t(
        'Paused does not count towards the instance quota and costs nothing. It has to be resumed by hand.',
      );
    case 'update-failed':
      return l10n.t(
        'Its update failed. When the version before it still serves, it counts towards the instance quota.',
      );
    case 'failed':
      return l10n.t('Hugging Face does not say whether a failed endpoint counts towards the instance quota.');
    case 'unknown-state':
      return l10n.t(
        'Headroom does not know this state, so not whether it counts towards the instance quota.',
      );
  }
}
