import { planLabel } from '../../limits/account/plans.ts';
import type { OrganizationJson, RateWindowJson, RefusalJson, StatusJson } from '../json/statusShape.ts';
import { age, dash, number, until } from './moneyRows.ts';
import type { Row, Section } from './statusTable.ts';

const mostRefusals = 5;
export const nearlyFullFraction = 0.9;

export function organizationRows({ account }: StatusJson): Omit<Section, 'heading'> {
  const rows = (account.organizations ?? []).map(organization => ({
    cells: [
      organization.name,
      (organization.plan && planLabel(organization.plan)) ?? dash,
      organization.role ?? dash,
      billingWords(organization),
    ],
  }));
  return { columns: [{ shrinks: true }, {}, {}, {}], rows };
}

export function windowRows({ rateWindows }: StatusJson, now: number): Omit<Section, 'heading'> {
  const columns = [{ shrinks: true }, { align: 'right' }, {}] as const;
  if (rateWindows === null) return { columns, rows: [{ cells: [dash] }] };
  return { columns, rows: rateWindows.map(window => windowRow(window, now)) };
}

export function refusalRows({ refusals }: StatusJson, now: number): Omit<Section, 'heading'> {
  const columns = [{}, { align: 'right' }, {}, { shrinks: true }, {}] as const;
  if (refusals.length === 0) return { columns, rows: [{ cells: ['none'] }] };
  return { columns, rows: refusals.slice(0, mostRefusals).map(refusal => refusalRow(refusal, now)) };
}

function windowRow({ bucket, used, remaining, limit, resetsAt }: RateWindowJson, now: number): Row {
  const left = remaining ?? (used !== null && limit !== null ? Math.max(0, limit - used) : null);
  const full = limit !== null && left !== null && limit > 0 ? 1 - left / limit : 0;
  return {
    cells: [
      bucket,
      `${left === null ? dash : number(left)} left of ${limit === null ? dash : number(limit)}`,
      resetsAt === null ? '' : `anew ${until(resetsAt, now)}`,
    ],
    mark: left === 0 ? 'error' : full >= nearlyFullFraction ? 'warning' : undefined,
  };
}

export function refusalRow({ at, status, cause, by, scope, resetsAt }: RefusalJson, now: number): Row {
  const over = resetsAt !== null && Date.parse(resetsAt) <= now;
  return {
    cells: [
      age(at, now),
      String(status),
      cause,
      scope === null ? by : `${by}: ${scope}`,
      resetsAt === null ? '' : over ? 'over' : `ends ${until(resetsAt, now)}`,
    ],
  };
}

const reasonWords: Readonly<Record<string, string>> = {
  'locked-out': 'no billing: token locked out',
  'free-plan': 'no billing: free plan',
  'no-payment-method': 'no billing: no payment method',
  'no-write-role': 'no billing: no write role',
};

function billingWords({ canBill, reason }: OrganizationJson): string {
  if (canBill) return 'can be billed';
  return canBill === null ? '' : (reasonWords[reason ?? ''] ?? 'no billing');
}
