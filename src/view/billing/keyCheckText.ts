import * as l10n from '@vscode/l10n';
import type { KeyCheck } from '../../billing/keyCheck.ts';
import { InvalidProviderKey } from '../../billing/providerKey.ts';
import { oneLine } from '../text/plainText.ts';

/** The result of a key check in a sentence. Plain text, without the key. */
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
        message: l10n.t('{0} has no free call that checks a key. The first request will.', name),
        good: true,
      };
    case 'answers-anyone':
      return {
        message: l10n.t(
          '{0} also answers without a key, so this checked nothing. The first request will.',
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

/** Why a text is no key; undefined: `error` is another failure. */
export function invalidKeyText(error: unknown): string | undefined {
  if (!(error instanceof InvalidProviderKey)) return undefined;
  switch (error.reason) {
    case 'empty':
      return l10n.t('Paste the key');
    case 'hugging-face-token':
      return l10n.t('This is a Hugging Face token: it must not go to a provider.');
    case 'malformed':
      return l10n.t('This has characters that no key has.');
  }
}
