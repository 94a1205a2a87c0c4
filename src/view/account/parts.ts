import * as l10n from '@vscode/l10n';
import type { Part, Snapshot } from '../../account/snapshot.ts';

/** One part of the snapshot. */
export interface NamedPart {
  readonly kind: PartKind;
  /** The namespace or organization, for the kinds that have one. */
  readonly of?: string;
  /** How many namespaces or organizations share the polls of this kind. */
  readonly siblings: number;
  readonly part: Part<unknown>;
}

export type PartKind =
  | 'account'
  | 'credits'
  | 'organizationCredits'
  | 'jobs'
  | 'zeroGpu'
  | 'gauges'
  | 'endpoints'
  | 'hardware';

/** All parts, in the order in which views show them. */
export function namedParts(snapshot: Snapshot): NamedPart[] {
  return [
    single('account', snapshot.account),
    single('credits', snapshot.credits),
    ...byName('organizationCredits', snapshot.organizationCredits),
    single('jobs', snapshot.jobs),
    single('gauges', snapshot.gauges),
    ...byName('endpoints', snapshot.endpoints),
    ...byName('hardware', snapshot.hardware),
    single('zeroGpu', snapshot.zeroGpu),
  ];
}

const labels: Readonly<Record<PartKind, (of: string) => string>> = {
  account: () => l10n.t('Account'),
  credits: () => l10n.t('Credits'),
  organizationCredits: of => l10n.t('Credits of {0}', of),
  jobs: () => l10n.t('Jobs'),
  zeroGpu: () => l10n.t('ZeroGPU'),
  gauges: () => l10n.t('Rate limits'),
  endpoints: of => l10n.t('Inference Endpoints of {0}', of),
  hardware: of => l10n.t('Hardware quota of {0}', of),
};

/** A part's name in a sentence. */
export function partLabel({ kind, of = '' }: Pick<NamedPart, 'kind' | 'of'>): string {
  return labels[kind](of);
}

export function single(kind: PartKind, part: Part<unknown>): NamedPart {
  return { kind, siblings: 1, part };
}

export function byName(kind: PartKind, parts: Readonly<Record<string, Part<unknown>>>): NamedPart[] {
  const entries = Object.entries(parts);
  return entries.map(([of, part]) => ({ kind, of, siblings: entries.length, part }));
}
