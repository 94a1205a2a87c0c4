import { formatUsdPerHour } from '../../limits/account/money.ts';
import type { EndpointJson, HardwareQuotaJson } from '../json/endpointsJson.ts';
import type { StatusJson } from '../json/statusJson.ts';
import { dash, locale, number } from './cellText.ts';
import type { Row, Section } from './section.ts';

export function endpointSection({ endpoints }: StatusJson): Section {
  return {
    heading: 'Inference Endpoints',
    columns: ['shrinks', 'left', 'shrinks', 'right', 'right', 'left'],
    rows: rowsOf(endpoints, endpointRow),
  };
}

/** Without unused hardware: the catalogue has some hundred kinds. */
export function hardwareSection({ hardwareQuotas }: StatusJson): Section {
  const used = hardwareQuotas?.filter(quota => (quota.used ?? 0) > 0);
  const fullestFirst = used?.sort((a, b) => fullness(b) - fullness(a));
  const rows = rowsOf(fullestFirst, hardwareRow);
  return { heading: 'Hardware in use', columns: ['shrinks', 'shrinks', 'right'], rows };
}

function rowsOf<T>(values: readonly T[] | null | undefined, row: (value: T) => Row): Row[] {
  if (!values) return [{ cells: [dash] }];
  return values.length === 0 ? [{ cells: ['none'] }] : values.map(row);
}

function endpointRow(endpoint: EndpointJson): Row {
  const { namespace, name, state, instance, readyReplicas, targetReplicas, usdPerHour } = endpoint;
  return {
    cells: [
      `${namespace}/${name}`,
      state,
      instance,
      `${readyReplicas ?? dash}/${targetReplicas ?? dash}`,
      usdPerHour === null ? dash : formatUsdPerHour(usdPerHour, locale),
      quotaWords(endpoint),
    ],
    mark: state === 'failed' || state === 'updateFailed' ? 'error' : undefined,
  };
}

function quotaWords({ countsTowardsQuota }: EndpointJson): string {
  if (countsTowardsQuota === null) return '';
  return countsTowardsQuota ? 'in quota' : 'not in quota';
}

function hardwareRow(quota: HardwareQuotaJson): Row {
  const { namespace, id, used, max } = quota;
  const mark = fullness(quota) >= 1 ? 'warning' : undefined;
  return { cells: [namespace, id, `${number(used)} of ${number(max)}`], mark };
}

function fullness({ used, max }: HardwareQuotaJson): number {
  if (used === null || max === null) return 0;
  return max === 0 ? 1 : used / max;
}
