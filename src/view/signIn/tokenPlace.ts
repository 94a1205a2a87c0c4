import * as l10n from '@vscode/l10n';
import type { TokenSource } from '../../account/snapshot.ts';
import { oneLine } from '../text/plainText.ts';

/** Where the token is stored. Plain text. */
export function tokenPlace(source: TokenSource): string {
  switch (source.kind) {
    case 'secret-storage':
      return l10n.t('Token in this editor’s secret storage');
    case 'environment':
      return l10n.t('Environment variable {0}', oneLine(source.variable));
    case 'token-file':
      return l10n.t('Token file {0}', oneLine(source.path, 200));
    case 'stored-token':
      return l10n.t('Token “{0}” of hf auth login in {1}', oneLine(source.name), oneLine(source.path, 200));
  }
}
