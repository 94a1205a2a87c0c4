import * as l10n from '@vscode/l10n';
import {
  computeOf,
  startingUsdPerHour,
  totalUsdPerHour,
  usdPerHour,
} from '../../limits/account/endpointCost.ts';
import type { Endpoint, HardwareQuota } from '../../limits/account/endpoints.ts';
import { countOrDash } from '../text/counts.ts';
import { oneLine } from '../text/plainText.ts';
import type { PriceFormat } from '../text/prices.ts';

/** `$0.80/h`, `up to $0.80/h` while it starts, `$0`; undefined: Hugging Face sent no price. */
export function costText(
  endpoint: Endpoint,
  hardware: readonly HardwareQuota[],
  locale: string,
  price: PriceFormat,
): string | undefined {
  const now = usdPerHour(endpoint, hardware);
  if (now === undefined) return undefined;
  const starting = startingUsdPerHour(endpoint, hardware);
  if (starting !== undefined && starting > 0) return l10n.t('up to {0}', price(now + starting, locale));
  return price(now, locale);
}

/** `$1.60/h` together, `at least $1.60/h` if some prices are not known; undefined: they cost nothing. */
export function totalCostText(
  endpoints: readonly Endpoint[],
  hardware: readonly HardwareQuota[],
  locale: string,
  price: PriceFormat,
): string | undefined {
  const { usd, isComplete } = totalUsdPerHour(endpoints, hardware);
  if (usd === 0) return isComplete ? undefined : l10n.t('cost unknown');
  return isComplete ? price(usd, locale) : l10n.t('at least {0}', price(usd, locale));
}

/** `1 × L4`; `1 of 2 × L4` until all replicas are ready. */
export function replicasText(endpoint: Endpoint, hardware: readonly HardwareQuota[]): string {
  const { readyReplicas, targetReplicas } = endpoint;
  const name = instanceName(endpoint, hardware);
  if (readyReplicas === undefined) return name;
  return targetReplicas === undefined || targetReplicas === readyReplicas
    ? l10n.t('{0} × {1}', readyReplicas, name)
    : l10n.t('{0} of {1} × {2}', readyReplicas, targetReplicas, name);
}

function instanceName(endpoint: Endpoint, hardware: readonly HardwareQuota[]): string {
  const compute = computeOf(endpoint, hardware);
  return compute ? computeName(compute) : oneLine(`${endpoint.instanceType} ${endpoint.instanceSize}`, 60);
}

/** `L4`, `A100 ×4`: a replica's accelerators. */
export function computeName({ architecture, numAccelerators, instanceType }: HardwareQuota): string {
  const name = oneLine(architecture || instanceType, 50).replace(/^NVIDIA /i, '');
  return numAccelerators > 1 ? `${name} ×${numAccelerators}` : name;
}

/** `1 / 2` accelerators. */
export function inUseText({ used, max }: HardwareQuota, locale: string): string {
  return `${countOrDash(used, locale)} / ${countOrDash(max, locale)}`;
}

export function isFull({ used, max }: HardwareQuota): boolean {
  return used !== undefined && max !== undefined && used > 0 && used >= max;
}
