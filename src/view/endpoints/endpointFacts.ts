import * as l10n from '@vscode/l10n';
import { type EndpointName, isSameEndpoint } from '../../limits/account/endpointChange.ts';
import { computeOf, resumedUsdPerHour } from '../../limits/account/endpointCost.ts';
import type { Endpoint, HardwareQuota } from '../../limits/account/endpoints.ts';
import { computeName } from '../account/endpointCostText.ts';
import { knownHardware } from '../account/knownHardware.ts';
import { formatCount } from '../text/counts.ts';
import { idSegment } from '../text/idSegment.ts';
import { shownPrice } from '../text/prices.ts';
import type { ViewInput } from '../viewInput.ts';

/** All endpoints that were read. */
export function knownEndpoints({ snapshot }: Pick<ViewInput, 'snapshot'>): Endpoint[] {
  return Object.values(snapshot.endpoints).flatMap(({ value }) => value ?? []);
}

export function findEndpoint(input: Pick<ViewInput, 'snapshot'>, wanted: EndpointName): Endpoint | undefined {
  return knownEndpoints(input).find(endpoint => isSameEndpoint(endpoint, wanted));
}

/** The id of its row in the tree, by which commands know it. */
export function endpointRowId({ namespace, name }: EndpointName): string {
  return `endpoints/${idSegment(namespace)}/${idSegment(name)}`;
}

/** `$0.80/h` once it runs; undefined: Hugging Face sent no price. */
export function resumedPrice(endpoint: Endpoint, input: ViewInput): string | undefined {
  const usd = resumedUsdPerHour(endpoint, knownHardware(input.snapshot));
  return usd === undefined ? undefined : shownPrice(usd, input.locale);
}

/** The endpoint's part of its namespace's quota. */
export interface QuotaShare {
  readonly compute: HardwareQuota;
  /** Accelerators that it takes while it counts. */
  readonly takes: number;
  /** `1 of 2 × L4`. */
  readonly text: string;
}

/** Undefined: the quota of its hardware is not known. */
export function quotaShare(endpoint: Endpoint, { snapshot, locale }: ViewInput): QuotaShare | undefined {
  // the quota of another namespace would be another one
  const compute = computeOf(endpoint, snapshot.hardware[endpoint.namespace]?.value ?? []);
  if (compute?.max === undefined) return undefined;
  const takes = compute.numAccelerators * Math.max(1, endpoint.targetReplicas ?? endpoint.minReplicas ?? 1);
  return { compute, takes, text: shareText(takes, compute, locale) };
}

/** `1 of 2 × L4`: accelerators of one kind. */
export function shareText(count: number, compute: HardwareQuota, locale: string): string {
  const name = computeName({ ...compute, numAccelerators: 1 });
  const max = compute.max === undefined ? '–' : formatCount(compute.max, locale);
  return l10n.t('{0} of {1} × {2}', formatCount(count, locale), max, name);
}
