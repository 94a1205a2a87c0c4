import * as l10n from '@vscode/l10n';
import { mayHaveRun } from '../../hub/endpointActions.ts';
import type { HubError } from '../../hub/hubError.ts';
import type { Endpoint } from '../../limits/account/endpoints.ts';
import { endpointsPermission } from '../../limits/account/tokenPermissions.ts';
import { oneLine } from '../text/plainText.ts';

/** What a person can do about it. */
export type ChangeRemedy =
  | 'make-token'
  | 'sign-in'
  | 'ask-for-more'
  | 'resource-groups'
  | 'billing'
  | 'refresh'
  | 'log';

export interface ChangeFailure {
  readonly message: string;
  readonly remedy: ChangeRemedy;
}

/** Why a change failed, and whether Hugging Face may have taken it. */
export function changeFailure(error: HubError, endpoint: Endpoint): ChangeFailure {
  const name = oneLine(endpoint.name, 60);
  const owner = oneLine(endpoint.namespace, 60);
  const { words = '', status } = error.details;
  if (mayHaveRun(error)) {
    return {
      message: l10n.t(
        'Hugging Face did not confirm the change of {0}, and may have taken it all the same. Headroom does not send it again: the tree shows the endpoint as soon as it is read.',
        name,
      ),
      remedy: 'refresh',
    };
  }
  if (/\bspend(?:ing)?[ -]limit\b/i.test(words)) {
    return unchanged(
      l10n.t('The resource group of {0} has reached its spending limit; its admins can raise it.', name),
      'resource-groups',
    );
  }
  if (/\balready running\b/i.test(words)) return unchanged(l10n.t('{0} runs already.', name), 'refresh');
  if (/\bquota\b/i.test(words)) {
    return unchanged(l10n.t('The quota is full for {0}.', name), 'ask-for-more', words);
  }
  switch (error.kind) {
    case 'missing-permission':
      return /\b(?:restricted|not allowed|disabled)\b/i.test(words)
        ? unchanged(l10n.t('You may not change endpoints of {0}.', owner), 'refresh', words)
        : unchanged(
            l10n.t(
              'This token may not start or stop endpoints of {0}. It needs a member’s rights there and, if fine-grained, the permission {1}.',
              owner,
              endpointsPermission.permission,
            ),
            'make-token',
          );
    case 'invalid-token':
      return unchanged(
        l10n.t('Hugging Face rejects the token: it was revoked, expired, or was not copied whole.'),
        'sign-in',
      );
    case 'payment-required':
      return unchanged(l10n.t('Hugging Face asks for credits or a payment method first.'), 'billing', words);
    case 'not-found':
      return unchanged(l10n.t('{0} is no longer there: it was deleted.', name), 'refresh');
    case 'rate-limited':
      return unchanged(l10n.t('Hugging Face got too many requests from here and asks to wait.'), 'refresh');
    case 'dns':
    case 'tls':
    case 'unreachable':
      return unchanged(l10n.t('Hugging Face can’t be reached from here.'), 'log');
    default:
      return status === 409
        ? unchanged(
            l10n.t('Something else is changing {0} just now. Try again later.', name),
            'refresh',
            words,
          )
        : unchanged(l10n.t('Hugging Face refused to change {0}.', name), 'log', words);
  }
}

function unchanged(what: string, remedy: ChangeRemedy, words = ''): ChangeFailure {
  const said = words && l10n.t('It says: “{0}”', oneLine(words, 200));
  return { message: [what, l10n.t('Nothing was changed.'), said].filter(Boolean).join(' '), remedy };
}
