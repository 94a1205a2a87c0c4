import * as l10n from '@vscode/l10n';
import type { HubErrorKind } from '../../hub/hubError.ts';

/** A failure in two to five words, for a row of the tree. */
export function problemHeadline(kind: HubErrorKind): string {
  return headlines[kind]();
}

const headlines: Readonly<Record<HubErrorKind, () => string>> = {
  'invalid-token': () => l10n.t('Token rejected'),
  'missing-permission': () => l10n.t('Token may not read this'),
  'payment-required': () => l10n.t('Credits or a payment method needed'),
  'rate-limited': () => l10n.t('Asked to wait'),
  'not-found': () => l10n.t('Not found'),
  rejected: () => l10n.t('Refused'),
  'server-error': () => l10n.t('Hugging Face has trouble'),
  redirected: () => l10n.t('Something else answered'),
  'not-json': () => l10n.t('Something else answered'),
  'format-changed': () => l10n.t('Answer not understood'),
  'too-large': () => l10n.t('Answer too large'),
  truncated: () => l10n.t('Answer broke off'),
  timeout: () => l10n.t('No answer in time'),
  dns: () => l10n.t('Offline'),
  unreachable: () => l10n.t('Offline'),
  tls: () => l10n.t('Connection not trusted'),
  aborted: () => l10n.t('Cancelled'),
};
