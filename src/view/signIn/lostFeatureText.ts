import * as l10n from '@vscode/l10n';
import type { LostFeature, MissingPermission } from '../../limits/account/tokenPermissions.ts';

/** The effect of a permission that the token lacks. */
export function lostFeatureText({ permission, lostFeature }: MissingPermission): string {
  switch (lostFeature satisfies LostFeature) {
    case 'billing':
      return l10n.t('Without {0} it can’t show credits and spend.', permission);
    case 'inference':
      return l10n.t('Without {0} it can’t call Inference Providers.', permission);
    case 'endpoints':
      return l10n.t('Without {0} it can’t list Inference Endpoints.', permission);
  }
}
