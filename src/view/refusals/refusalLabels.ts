import * as l10n from '@vscode/l10n';
import type { Refusal, RefusalCause, RefusalSource } from '../../limits/refusals/refusal.ts';

interface SourceLook {
  readonly label: () => string;
  /** A codicon. */
  readonly icon: string;
}

const sources: Readonly<Record<RefusalSource, SourceLook>> = {
  gateway: { label: () => l10n.t('gateway'), icon: 'server-process' },
  terminal: { label: () => l10n.t('terminal'), icon: 'terminal' },
  'debug-console': { label: () => l10n.t('debug console'), icon: 'debug-console' },
  notebook: { label: () => l10n.t('notebook'), icon: 'notebook' },
  host: { label: () => l10n.t('another extension'), icon: 'extensions' },
  headroom: { label: () => l10n.t('Headroom'), icon: 'dashboard' },
};

const causes: Readonly<Record<RefusalCause, () => string>> = {
  rate: () => l10n.t('too many requests'),
  tokens: () => l10n.t('too many tokens'),
  concurrency: () => l10n.t('too many at once'),
  credits: () => l10n.t('credits used up'),
  unsettled: () => l10n.t('credits held by open requests'),
  'spending-limit': () => l10n.t('spending limit'),
  quota: () => l10n.t('quota'),
  plan: () => l10n.t('not in the plan'),
  capacity: () => l10n.t('overloaded'),
  unknown: () => l10n.t('not known'),
};

/** In the filter's order. */
export const refusalSources = Object.keys(sources) as readonly RefusalSource[];
export const refusalCauses = Object.keys(causes) as readonly RefusalCause[];

/** Where Headroom saw a refusal. */
export function sourceLabel(source: RefusalSource): string {
  return sources[source].label();
}

/** A codicon. */
export function sourceIcon(source: RefusalSource): string {
  return sources[source].icon;
}

/** What a refusal’s `model` is: of Inference Endpoints an endpoint’s name or host. */
export function modelLabel(refusal: Refusal): string {
  return isOfEndpoint(refusal) ? l10n.t('Endpoint') : l10n.t('Model');
}

export function isOfEndpoint({ by, scope }: Pick<Refusal, 'by' | 'scope'>): boolean {
  return by === 'huggingface' && scope === 'Inference Endpoints';
}

export function causeLabel(cause: RefusalCause): string {
  return causes[cause]();
}
