import * as l10n from '@vscode/l10n';
import type { KeyCheck } from '../../billing/keyCheck.ts';
import { InvalidProviderKey } from '../../billing/providerKey.ts';
import { oneLine } from '../text/plainText.ts';

/** What a check found, in a full sentence. Plain text; never the key. */
export function keyCheckText(
  check: KeyCheck,
  provider: string,
): { readonly message: string; readonly good: boolean } {
  const name = oneLine(provider, 40);
  if (check.kind === 'accepted') return { message: l10n.t('{0} accepts this key.', name), good: true };
  if (check.kind === 'rejected') return { message: l10n.t('{0} rejected this key.', name), good: false };
  switch (check.reason) {
    case 'no-call-known':
      return {
        message: l10n.t(
          '{0} has no call that would check a key for nothing. The first request will tell.',
          name,
        ),
        good: true,
      };
    case 'answers-anyone':
      return {
        message: l10n.t(
          '{0} answers without a key as well, so this told nothing. The first request will.',
          name,
        ),
        good: true,
      };
    case 'failed':
      return {
        message: l10n.t('The key could not be checked: {0}', oneLine(check.error?.message ?? '–', 300)),
        good: false,
      };
  }
}

/** Why a text is no key; undefined when the failure is another one. */
export function invalidKeyText(error: unknown): string | undefined {
  if (!(error instanceof InvalidProviderKey)) return undefined;
  switch (error.reason) {
    case 'empty':
      return l10n.t('Paste the key');
    case 'hugging-face-token':
      return l10n.t('This is a token of Hugging Face: it must not be sent to a provider.');
    case 'malformed':
      return l10n.t('This contains characters that no key has.');
  }
}
