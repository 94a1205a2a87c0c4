import { formatUsd } from '../../limits/account/money.ts';
import { formatAge, formatIn } from '../../limits/headers/duration.ts';
import type { StatusJson } from '../json/statusShape.ts';
import type { Row, Section } from './statusTable.ts';

export const locale = 'en';
/** What is not known. */
export const dash = '–';

export function creditRows({ credits }: StatusJson, now: number): Omit<Section, 'heading'> {
  const columns = [{}, { shrinks: true }] as const;
  const { usedNanoUsd, includedNanoUsd, remainingNanoUsd, chargedNanoUsd, limitNanoUsd } = credits;
  if (usedNanoUsd === null) return { columns, rows: [{ cells: ['Used', dash] }] };
  const rows: Row[] = [];
  if (includedNanoUsd !== null && remainingNanoUsd !== null) {
    const anew = credits.resetsAt === null ? '' : `, anew ${until(credits.resetsAt, now)}`;
    rows.push({
      cells: ['Left', `${usd(remainingNanoUsd)} of ${usd(includedNanoUsd)} included${anew}`],
      mark:
        includedNanoUsd === 0 || remainingNanoUsd > 0.2 * includedNanoUsd
          ? undefined
          : lowMark(remainingNanoUsd),
    });
  }
  const requests = credits.requests === null ? '' : `, ${count(credits.requests, 'request')}`;
  rows.push({ cells: ['Used', `${usd(usedNanoUsd)}${requests}`] });
  for (const { provider, nanoUsd, requests: own } of credits.byProvider ?? []) {
    const detail = own === null ? '' : `, ${count(own, 'request')}`;
    rows.push({ cells: [`  ${provider}`, `${usd(nanoUsd)}${detail}`] });
  }
  if (chargedNanoUsd !== null)
    rows.push({ cells: ['Charged', `${usd(chargedNanoUsd)} beyond what is included`] });
  if (limitNanoUsd !== null) rows.push({ cells: ['Limit', usd(limitNanoUsd)] });
  rows.push({ cells: ['Prepaid', 'see https://huggingface.co/settings/billing: no token can read it'] });
  if (credits.asOf !== null) rows.push({ cells: ['As of', age(credits.asOf, now)] });
  return { columns, rows };
}

export function jobsRow({ jobs }: StatusJson): Row {
  const minutes = jobs.minutes === null ? '' : `, ${number(Math.round(jobs.minutes))} min`;
  return { cells: ['Jobs', jobs.usedNanoUsd === null ? dash : `${usd(jobs.usedNanoUsd)}${minutes}`] };
}

export function zeroGpuRow({ zeroGpu }: StatusJson, now: number): Row {
  const { totalSeconds, remainingSeconds, resetsAt } = zeroGpu;
  if (totalSeconds === null || remainingSeconds === null) return { cells: ['ZeroGPU', dash] };
  const full = resetsAt === null ? '' : `, full again ${until(resetsAt, now)}`;
  return {
    cells: ['ZeroGPU', `${timeToUse(remainingSeconds)} left of ${timeToUse(totalSeconds)} a day${full}`],
    mark: remainingSeconds > 0 ? undefined : 'error',
  };
}

export function until(time: string, now: number): string {
  return formatIn(Date.parse(time) - now, locale);
}

export function age(time: string, now: number): string {
  const ms = now - Date.parse(time);
  return ms < 10_000 ? 'just now' : formatAge(ms, locale);
}

export function number(value: number): string {
  return value.toLocaleString(locale);
}

function usd(nanoUsd: number): string {
  return formatUsd(nanoUsd, locale);
}

function count(value: number, noun: string): string {
  return `${number(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** `40 s`, from two minutes on `15 min`. Rounded down. */
function timeToUse(seconds: number): string {
  return seconds < 120 ? `${Math.floor(seconds)} s` : `${Math.floor(seconds / 60)} min`;
}

function lowMark(remaining: number): 'warning' | 'error' {
  return remaining === 0 ? 'error' : 'warning';
}
