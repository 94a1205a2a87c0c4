import * as l10n from '@vscode/l10n';
import type { Refusal } from '../../limits/refusals/refusal.ts';
import { type Remedy, type RemedyPage, remediesFor } from '../../limits/refusals/remedy.ts';
import type { Action } from '../action.ts';
import { commands } from '../contributions.ts';
import { oneLine } from '../text/plainText.ts';

/** Remedies in words, the best first. */
export function remedyTexts(refusal: Refusal): RemedyText[] {
  return remediesFor(refusal).flatMap(remedy => remedyText(remedy) ?? []);
}

export interface RemedyText {
  readonly label: string;
  /** A command of ours or a page that does it. */
  readonly action?: Action;
}

/** Undefined for waiting: the refusal's sentence has the time. */
export function remedyText(remedy: Remedy): RemedyText | undefined {
  const label = remedyLabel(remedy);
  if (label === undefined) return undefined;
  if (remedy.kind === 'open') return { label, action: { label, url: remedy.url } };
  const command = remedyCommands[remedy.kind];
  return command ? { label, action: { label, command } } : { label };
}

const remedyCommands: Readonly<Partial<Record<Remedy['kind'], string>>> = {
  'switch-billing': commands.switchBilling,
  'use-provider-key': commands.useProviderKey,
  'use-token': commands.signIn,
};

function remedyLabel(remedy: Remedy): string | undefined {
  switch (remedy.kind) {
    case 'wait':
      return undefined;
    case 'open':
      return pageLabels[remedy.page]();
    case 'use-token':
      return l10n.t('Use a token');
    case 'switch-billing':
      return l10n.t('Bill an organization');
    case 'choose-provider':
      return l10n.t('Choose another provider');
    case 'use-provider-key':
      return l10n.t('Use your own {0} key', oneLine(remedy.provider, 40));
    case 'lower-concurrency':
      return l10n.t('Send fewer requests at once');
    case 'smaller-request':
      return l10n.t('Send a smaller request');
  }
}

const pageLabels: Readonly<Record<RemedyPage, () => string>> = {
  billing: () => l10n.t('Open billing page'),
  pricing: () => l10n.t('Compare plans'),
  'rate-limits': () => l10n.t('Read about rate limits'),
  'zero-gpu': () => l10n.t('Read about ZeroGPU'),
  storage: () => l10n.t('Read about storage limits'),
  'endpoint-quota': () => l10n.t('Ask for a larger quota'),
};
