import * as l10n from '@vscode/l10n';
import type { HubErrorKind } from '../../hub/hubError.ts';

/** A failure in two to five words, for a row of the tree. */
export function problemHeadline(kind: HubErrorKind): string {
  switch (kind) {
    case 'invalid-token':
      return l10n.t('Token rejected');
    case 'missing-permission':
      return l10n.t('Token may not read this');
    case 'payment-required':
      return l10n.t('Credits or a payment method needed');
    case 'rate-limited':
      return l10n.t('Asked to wait');
    case 'not-found':
      return l10n.t('Not found');
    case 'rejected':
      return l10n.t('Refused');
    case 'server-error':
      return l10n.t('Hugging Face has trouble');
    case 'redirected':
    case 'not-json':
      return l10n.t('Something else answered');
    case 'format-changed':
      return l10n.t('Answer not understood');
    case 'too-large':
      return l10n.t('Answer too large');
    case 'truncated':
      return l10n.t('Answer broke off');
    case 'timeout':
      return l10n.t('No answer in time');
    case 'dns':
    case 'unreachable':
      return l10n.t('Offline');
    case 'tls':
      return l10n.t('Connection not trusted');
    case 'aborted':
      return l10n.t('Cancelled');
  }
}
