import * as l10n from '@vscode/l10n';
import { HubError } from '../../hub/hubError.ts';
import { problemHeadline } from '../account/problemHeadline.ts';
import { oneLine } from '../text/plainText.ts';

/** Why a token was not accepted. It is not stored in any of these cases. */
export function signInFailureText(error: unknown): string {
  if (!(error instanceof HubError))
    return l10n.t('The token could not be checked: {0}', oneLine(String(error)));
  const { kind, details } = error;
  switch (kind) {
    case 'invalid-token':
      return l10n.t(
        'Hugging Face does not know this token. Check that it is copied whole and still listed at huggingface.co/settings/tokens.',
      );
    case 'rate-limited':
      return l10n.t('Hugging Face limits token checks from this network. Try again in a few minutes.');
    case 'dns':
    case 'unreachable':
    case 'timeout':
      return l10n.t(
        'Hugging Face can’t be reached ({0}). Check the network and the proxy, then press Enter again.',
        details.code ?? kind,
      );
    case 'tls':
      return l10n.t(
        'The connection is not trusted ({0}); the token was not sent. A company’s proxy may need its certificate installed.',
        details.code ?? 'TLS',
      );
    case 'not-json':
    case 'redirected':
      return l10n.t(
        'A page other than Hugging Face’s answered, such as a guest network’s sign-in. Open a browser, then press Enter again.',
      );
    case 'server-error':
      return l10n.t('Hugging Face has trouble ({0}). Try again in a minute.', details.status ?? 500);
    default:
      return l10n.t(
        'The token could not be checked: {0}',
        oneLine(details.words ?? problemHeadline(kind), 160),
      );
  }
}
