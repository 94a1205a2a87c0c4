import * as l10n from '@vscode/l10n';
import type { Part, Snapshot } from '../../account/snapshot.ts';
import { oneLine } from '../text/plainText.ts';

/** A part of the snapshot with its name. */
export interface NamedPart<Value = unknown> extends Part<Value> {
  readonly kind: PartKind;
  /** The namespace or organization, for the kinds that have one. */
  readonly of?: string;
  /** How many namespaces or organizations share the polls of this kind. */
  readonly siblings: number;
}

export type PartKind = keyof typeof labels;

const labels = {
  account: () => l10n.t('Account'),
  credits: () => l10n.t('Credits'),
  organizationCredits: of => l10n.t('Credits of {0}', of),
  jobs: () => l10n.t('Jobs'),
  zeroGpu: () => l10n.t('ZeroGPU'),
  gauges: () => l10n.t('Rate limits'),
  endpoints: of => l10n.t('Inference Endpoints of {0}', of),
  hardware: of => l10n.t('Hardware quota of {0}', of),
} satisfies Record<string, (of: string) => string>;

/** A part's name in a sentence. */
export function partLabel({ kind, of = '' }: Pick<NamedPart, 'kind' | 'of'>): string {
  return labels[kind](oneLine(of, 60));
}

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

export function single<Value>(kind: PartKind, part: Part<Value>): NamedPart<Value> {
  return { ...part, kind, siblings: 1 };
}

export function byName<Value>(
  kind: PartKind,
  parts: Readonly<Record<string, Part<Value>>>,
): NamedPart<Value>[] {
  const entries = Object.entries(parts);
  return entries.map(([of, part]) => ({ ...part, kind, of, siblings: entries.length }));
}

/** Undefined: not every token may read an organization's credits. */
export function organizationCredits({ organizationCredits: parts }: Snapshot, name: string) {
  return byName('organizationCredits', parts).find(({ of }) => of === name);
}
