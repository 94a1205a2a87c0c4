import * as l10n from '@vscode/l10n';
import type { Refusal } from '../../limits/refusals/refusal.ts';
import { type Remedy, type RemedyPage, remediesFor } from '../../limits/refusals/remedy.ts';
import type { Action } from '../action.ts';
import { commands } from '../contributions.ts';
import { oneLine } from '../text/plainText.ts';

/** What a person can do, best first. `action` where Headroom or a page can help with it. */
export function remedyTexts(refusal: Refusal): RemedyText[] {
  return remediesFor(refusal).flatMap(remedy => remedyText(remedy) ?? []);
}

export interface RemedyText {
  readonly label: string;
  readonly action?: Action;
}

/** Undefined for waiting, which the sentence about the refusal tells of. */
export function remedyText(remedy: Remedy): RemedyText | undefined {
  const label = remedyLabel(remedy);
  if (label === undefined) return undefined;
  if (remedy.kind === 'open') return { label, action: { label, url: remedy.url } };
  if (remedy.kind === 'switch-billing') return { label, action: { label, command: commands.switchBilling } };
  if (remedy.kind === 'use-provider-key')
    return { label, action: { label, command: commands.useProviderKey } };
  if (remedy.kind === 'use-token') return { label, action: { label, command: commands.signIn } };
  return { label };
}

function remedyLabel(remedy: Remedy): string | undefined {
  switch (remedy.kind) {
    case 'wait':
      return undefined;
    case 'open':
      return pageLabel(remedy.page);
    case 'use-token':
      return l10n.t('Use a token');
    case 'switch-billing':
      return l10n.t('Bill an organization that may be billed');
    case 'choose-provider':
      return l10n.t('Choose another provider');
    case 'use-provider-key':
      return l10n.t('Use a key of your own for {0}', oneLine(remedy.provider, 40));
    case 'lower-concurrency':
      return l10n.t('Send fewer requests at once');
    case 'smaller-request':
      return l10n.t('Send a smaller request');
  }
}

function pageLabel(page: RemedyPage): string {
  switch (page) {
    case 'billing':
      return l10n.t('Open billing page');
    case 'pricing':
      return l10n.t('Compare plans');
    case 'rate-limits':
      return l10n.t('Read about rate limits');
    case 'zero-gpu':
      return l10n.t('Read about ZeroGPU');
    case 'storage':
      return l10n.t('Read about storage limits');
    case 'endpoint-quota':
      return l10n.t('Ask for a larger quota');
  }
}
