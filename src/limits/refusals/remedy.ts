import { budgetScopes } from './ownBudget.ts';
import { type QuotaSubject, quotaOf } from './quotaSubject.ts';
import type { Refusal } from './refusal.ts';
import { countedAsVisitor } from './zeroGpuCall.ts';

/** Something that a person can do about a refusal. The views have its words and command. */
export type Remedy =
  /** `until`: epoch ms; undefined: the server named no time. */
  | { readonly kind: 'wait'; readonly until?: number }
  | { readonly kind: 'open'; readonly page: RemedyPage; readonly url: string }
  | { readonly kind: 'use-token' }
  | { readonly kind: 'switch-billing' }
  | { readonly kind: 'raise-budget' }
  | { readonly kind: 'choose-provider' }
  | { readonly kind: 'use-provider-key'; readonly provider: string }
  | { readonly kind: 'lower-concurrency' }
  | { readonly kind: 'smaller-request' }
  | { readonly kind: 'ask-for-more'; readonly quota: QuotaSubject };

export type RemedyPage = keyof typeof remedyPages;

/** Fixed: a server's words never decide the target of a link. */
const remedyPages = {
  billing: 'https://huggingface.co/settings/billing',
  pricing: 'https://huggingface.co/pricing',
  'rate-limits': 'https://huggingface.co/docs/hub/rate-limits',
  'zero-gpu': 'https://huggingface.co/docs/hub/spaces-zerogpu',
  storage: 'https://huggingface.co/docs/hub/storage-limits',
  'resource-groups': 'https://huggingface.co/docs/hub/security-resource-groups',
} as const;

/** The best first; empty: no remedy is known. */
export function remediesFor(refusal: Refusal): Remedy[] {
  const wait: Remedy = { kind: 'wait', until: refusal.resetsAt };
  const byHub = refusal.by === 'huggingface';
  switch (refusal.cause) {
    case 'rate':
      if (refusal.scope === 'anonymous') return [{ kind: 'use-token' }, wait];
      if (refusal.scope === 'whoami-v2') return [wait];
      if (!byHub || (refusal.model !== undefined && refusal.limit === undefined)) {
        return [wait, ...elsewhere(refusal)];
      }
      return [wait, open('pricing'), open('rate-limits'), ...askForMore(refusal)];
    case 'tokens':
      // larger than the whole window: waiting does not help
      if (refusal.status === 413) return [{ kind: 'smaller-request' }, ...elsewhere(refusal)];
      return [wait, ...elsewhere(refusal)];
    case 'concurrency':
      return [{ kind: 'lower-concurrency' }, wait];
    case 'credits':
      // the empty account is the provider's, not the one at Hugging Face
      if (!byHub) return elsewhere(refusal);
      return [
        open('billing'),
        { kind: 'switch-billing' },
        ...(/subscribe to PRO/i.test(refusal.message) ? [open('pricing')] : []),
      ];
    case 'unsettled':
      return [wait, { kind: 'lower-concurrency' }];
    case 'spending-limit':
      // an endpoint bills the resource group of its model, not the chosen payer
      if (byHub && refusal.scope === 'Inference Endpoints') return [open('resource-groups')];
      if (refusal.by === 'headroom') return ownBudget(refusal);
      return byHub ? [{ kind: 'switch-billing' }] : elsewhere(refusal);
    case 'quota':
      return quotaRemedies(refusal, wait);
    case 'plan':
      return byHub ? [open('pricing')] : elsewhere(refusal);
    case 'capacity':
      return [wait, { kind: 'choose-provider' }];
    case 'unknown':
      if (refusal.resetsAt === undefined) return [];
      return refusal.model === undefined ? [wait] : [wait, ...elsewhere(refusal)];
  }
}

/** A run's cap is an option of the command that started it. */
function ownBudget({ scope }: Refusal): Remedy[] {
  return scope === budgetScopes.run ? [] : [{ kind: 'raise-budget' }, { kind: 'switch-billing' }];
}

function quotaRemedies(refusal: Refusal, wait: Remedy): Remedy[] {
  const asVisitor = countedAsVisitor(refusal.message);
  switch (refusal.scope) {
    case 'pay-as-you-go':
      return elsewhere(refusal);
    case 'disabled provider':
      return [{ kind: 'choose-provider' }, { kind: 'switch-billing' }];
    case 'ZeroGPU':
      return [
        ...(asVisitor ? [{ kind: 'use-token' } as const] : []),
        wait,
        open('zero-gpu'),
        ...(asVisitor ? [] : askForMore(refusal)),
      ];
    case 'ZeroGPU duration':
      return [open('zero-gpu')];
    // waiting does not help
    case 'private storage':
    case 'public storage':
    case 'storage':
      return [open('storage'), open('pricing'), ...askForMore(refusal)];
    case 'Inference Endpoints':
    case 'Space hardware':
      return askForMore(refusal);
    default:
      return [wait];
  }
}

function askForMore(refusal: Refusal): Remedy[] {
  const quota = quotaOf(refusal);
  return quota ? [{ kind: 'ask-for-more', quota }] : [];
}

function elsewhere(refusal: Refusal): Remedy[] {
  const named = refusal.by !== 'huggingface' && refusal.by !== 'unknown';
  return [
    { kind: 'choose-provider' },
    ...(named ? [{ kind: 'use-provider-key', provider: refusal.by } as const] : []),
  ];
}

function open(page: RemedyPage): Remedy {
  return { kind: 'open', page, url: remedyPages[page] };
}
