import { formatUsdPerHour } from '../../limits/account/money.ts';
import type { EndpointJson, HardwareQuotaJson, StatusJson } from '../json/statusShape.ts';
import { dash, locale, number } from './moneyRows.ts';
import type { Section } from './statusTable.ts';

export function endpointRows({ endpoints }: StatusJson): Omit<Section, 'heading'> {
  const columns = [
    { shrinks: true },
    {},
    { shrinks: true },
    { align: 'right' },
    { align: 'right' },
    {},
  ] as const;
  if (endpoints === null) return { columns, rows: [{ cells: [dash] }] };
  if (endpoints.length === 0) return { columns, rows: [{ cells: ['none'] }] };
  const rows = endpoints.map(endpoint => ({
    cells: [
      `${endpoint.namespace}/${endpoint.name}`,
      endpoint.state,
      endpoint.instance,
      `${endpoint.readyReplicas ?? dash}/${endpoint.targetReplicas ?? dash}`,
      endpoint.usdPerHour === null ? dash : formatUsdPerHour(endpoint.usdPerHour, locale),
      quotaWords(endpoint),
    ],
    mark: markOf(endpoint),
  }));
  return { columns, rows };
}

/** Only what is in use: the catalogue has some hundred kinds of hardware. */
export function hardwareRows({ hardwareQuotas }: StatusJson): Omit<Section, 'heading'> {
  const columns = [{ shrinks: true }, { shrinks: true }, { align: 'right' }] as const;
  if (hardwareQuotas === null) return { columns, rows: [{ cells: [dash] }] };
  const used = hardwareQuotas
    .filter(quota => (quota.used ?? 0) > 0)
    .sort((a, b) => fullness(b) - fullness(a));
  if (used.length === 0) return { columns, rows: [{ cells: ['none'] }] };
  const rows = used.map(quota => ({
    cells: [
      quota.namespace,
      quota.id,
      `${number(quota.used ?? 0)} of ${quota.max === null ? dash : number(quota.max)}`,
    ],
    mark: fullness(quota) >= 1 ? ('warning' as const) : undefined,
  }));
  return { columns, rows };
}

function quotaWords({ countsTowardsQuota }: EndpointJson): string {
  if (countsTowardsQuota === null) return '';
  return countsTowardsQuota ? 'in quota' : 'not in quota';
}

function markOf({ state }: EndpointJson): 'error' | undefined {
  return state === 'failed' || state === 'updateFailed' ? 'error' : undefined;
}

function fullness({ used, max }: HardwareQuotaJson): number {
  if (used === null || max === null) return 0;
  return max === 0 ? 1 : used / max;
}
