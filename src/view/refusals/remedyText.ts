import * as l10n from '@vscode/l10n';
import type { Refusal } from '../../limits/refusals/refusal.ts';
import { type Remedy, type RemedyPage, remediesFor } from '../../limits/refusals/remedy.ts';
import { type Action, askForMoreAction } from '../action.ts';
import { commands } from '../contributions.ts';
import { quotaTarget } from '../quota/quotaTarget.ts';
import { oneLine } from '../text/plainText.ts';

/** Remedies in words, the best first. */
export function remedyTexts(refusal: Refusal): RemedyText[] {
  return remediesFor(refusal).flatMap(remedy => remedyText(remedy) ?? []);
}

export interface RemedyText {
  readonly label: string;
  /** A command of ours or a page that does it. */
  readonly action?: Action;
  /** The page or mail address behind the command. */
  readonly url?: string;
}

/** Undefined for waiting: the refusal's sentence has the time. */
export function remedyText(remedy: Remedy): RemedyText | undefined {
  switch (remedy.kind) {
    case 'wait':
      return undefined;
    case 'open': {
      const label = pageLabels[remedy.page]();
      return { label, action: { label, url: remedy.url } };
    }
    case 'use-token':
      return byCommand(l10n.t('Use a token'), commands.signIn);
    case 'switch-billing':
      return byCommand(l10n.t('Bill an organization'), commands.switchBilling);
    case 'raise-budget':
      return byCommand(l10n.t('Raise the budget'), commands.setBudget);
    case 'use-provider-key':
      return byCommand(l10n.t('Use your own {0} key', oneLine(remedy.provider, 40)), commands.useProviderKey);
    case 'ask-for-more': {
      const action = askForMoreAction(remedy.quota);
      return { label: action.label, action, url: quotaTarget(remedy.quota).url };
    }
    case 'choose-provider':
      return { label: l10n.t('Choose another provider') };
    case 'lower-concurrency':
      return { label: l10n.t('Send fewer requests at once') };
    case 'smaller-request':
      return { label: l10n.t('Send a smaller request') };
  }
}

function byCommand(label: string, command: string): RemedyText {
  return { label, action: { label, command } };
}

const pageLabels: Readonly<Record<RemedyPage, () => string>> = {
  billing: () => l10n.t('Open billing page'),
  pricing: () => l10n.t('Compare plans'),
  'rate-limits': () => l10n.t('Read about rate limits'),
  'zero-gpu': () => l10n.t('Read about ZeroGPU'),
  storage: () => l10n.t('Read about storage limits'),
  'resource-groups': () => l10n.t('Read about resource groups'),
};
