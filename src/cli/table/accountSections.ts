import { unspentNanoUsd } from '../../limits/account/credits.ts';
import { planLabel } from '../../limits/account/plans.ts';
import type { OrganizationJson, StatusJson } from '../json/statusJson.ts';
import { age, dash, number, requestCount, resets, until, usd } from './cellText.ts';
import type { Row, Section } from './section.ts';

const labelAndText = ['left', 'shrinks'] as const;
/** Below this part of the included credits, what is left is marked. */
const lowFraction = 0.2;

/** The account and its organizations. */
export function accountSection({ account: { name, plan, organizations } }: StatusJson): Section {
  const label = plan === null ? undefined : planLabel(plan);
  const rows = (organizations ?? []).map(organization => ({
    cells: [
      organization.name,
      (organization.plan && planLabel(organization.plan)) ?? dash,
      organization.role ?? dash,
      billingWords(organization),
    ],
  }));
  const heading = name === null ? 'Account not known' : label === undefined ? name : `${name} (${label})`;
  return { heading, columns: ['shrinks', 'left', 'left', 'left'], rows };
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

export function creditSection({ credits }: StatusJson, now: number): Section {
  return { heading: 'Credits', columns: labelAndText, rows: creditRows(credits, now) };
}

function creditRows(credits: StatusJson['credits'], now: number): Row[] {
  const { usedNanoUsd, includedNanoUsd, remainingNanoUsd, chargedNanoUsd, limitNanoUsd, resetsAt, asOf } =
    credits;
  if (usedNanoUsd === null) return [{ cells: ['Used', dash] }, ...heldRows(credits, now)];
  const rows: Row[] = [];
  if (includedNanoUsd !== null && remainingNanoUsd !== null) {
    const unspent = unspentNanoUsd(usedNanoUsd, includedNanoUsd, credits.heldNanoUsd ?? 0);
    const left = `${usd(unspent)} of ${usd(includedNanoUsd)} included`;
    const isLow = includedNanoUsd > 0 && unspent <= lowFraction * includedNanoUsd;
    rows.push({
      cells: ['Left', [left, resets(resetsAt, now)].filter(Boolean).join(', ')],
      mark: !isLow ? undefined : unspent === 0 ? 'error' : 'warning',
    });
  }
  rows.push(...heldRows(credits, now));
  rows.push({ cells: ['Used', `${usd(usedNanoUsd)}${requestCount(credits.requests)}`] });
  for (const { provider, nanoUsd, requests } of credits.byProvider ?? []) {
    rows.push({ cells: [`  ${provider}`, `${usd(nanoUsd)}${requestCount(requests)}`] });
  }
  if (chargedNanoUsd !== null)
    rows.push({ cells: ['Charged', `${usd(chargedNanoUsd)} beyond the included credits`] });
  if (limitNanoUsd !== null) rows.push({ cells: ['Limit', usd(limitNanoUsd)] });
  rows.push({ cells: ['Prepaid', 'see https://huggingface.co/settings/billing: no token can read it'] });
  if (asOf !== null) rows.push({ cells: ['As of', age(asOf, now)] });
  return rows;
}

/** Money that open requests hold, so that a request was refused. */
function heldRows({ heldNanoUsd, heldUntil }: StatusJson['credits'], now: number): Row[] {
  if (heldUntil === null) return [];
  const amount = heldNanoUsd === null ? dash : usd(heldNanoUsd);
  return [{ cells: ['Held', `${amount} by open requests, usually free ${until(heldUntil, now)}`] }];
}

export function monthSection({ jobs, zeroGpu }: StatusJson, now: number): Section {
  return {
    heading: 'Also this month',
    columns: labelAndText,
    rows: [jobsRow(jobs), zeroGpuRow(zeroGpu, now)],
  };
}

function jobsRow({ minutes, usedNanoUsd }: StatusJson['jobs']): Row {
  const time = minutes === null ? '' : `, ${number(Math.round(minutes))} min`;
  return { cells: ['Jobs', usedNanoUsd === null ? dash : `${usd(usedNanoUsd)}${time}`] };
}

function zeroGpuRow({ totalSeconds, remainingSeconds, resetsAt }: StatusJson['zeroGpu'], now: number): Row {
  if (totalSeconds === null || remainingSeconds === null) return { cells: ['ZeroGPU', dash] };
  const full = resetsAt === null ? '' : `, full again ${until(resetsAt, now)}`;
  return {
    cells: ['ZeroGPU', `${gpuTime(remainingSeconds)} left of ${gpuTime(totalSeconds)} a day${full}`],
    mark: remainingSeconds > 0 ? undefined : 'error',
  };
}

/** `40 s`, from two minutes on `15 min`. Rounded down. */
function gpuTime(seconds: number): string {
  return seconds < 120 ? `${Math.floor(seconds)} s` : `${Math.floor(seconds / 60)} min`;
}
