import type { Refusal, RefusalSource } from '../../limits/refusals/refusal.ts';
import { isoText } from '../text/times.ts';
import { refusalSources } from './refusalLabels.ts';

/** A refusal's lasting name: without facts that may be filled in later, such as its cause. */
export interface RefusalAddress {
  /** Epoch ms. */
  readonly at: number;
  readonly status: number;
  readonly source: RefusalSource;
  /** Among refusals of the same time, status and source, oldest first. */
  readonly index: number;
}

/** Path and query of the document's URI. The path names its tab. */
export function formatAddress({ at, status, source, index }: RefusalAddress) {
  const time = isoText(at).slice(0, 19).replace('T', ' ').replaceAll(':', '.');
  return {
    path: `/${status} at ${time} UTC.md`,
    query: `at=${at}&status=${status}&source=${source}&index=${index}`,
  };
}

/** Undefined: no refusal has such an address. */
export function parseAddress(query: string): RefusalAddress | undefined {
  const fields = new URLSearchParams(query);
  const number = (name: string) => Number(fields.get(name) || Number.NaN);
  const source = refusalSources.find(known => known === fields.get('source'));
  const [at, status, index] = [number('at'), number('status'), number('index')];
  if (source === undefined || ![at, status, index].every(Number.isSafeInteger)) return undefined;
  return { at, status, source, index };
}

/** `sameTime`: all refusals of that millisecond, newest first. */
export function addressOf(refusal: Refusal, sameTime: readonly Refusal[]): RefusalAddress {
  const { at, status, source } = refusal;
  const index = alike({ at, status, source }, sameTime).findIndex(each => isSame(each, refusal));
  return { at, status, source, index: Math.max(0, index) };
}

export function findRefusal(address: RefusalAddress, refusals: readonly Refusal[]): Refusal | undefined {
  return alike(address, refusals)[address.index];
}

/** Whether both are one row, at two times: its episode may go on. */
export function isSame(one: Refusal, other: Refusal): boolean {
  return textOf(one) === textOf(other);
}

function textOf({ count: _count, lastAt: _lastAt, resetsAt: _resetsAt, ...refusal }: Refusal): string {
  return JSON.stringify(refusal);
}

/** Oldest first. */
function alike(wanted: Omit<RefusalAddress, 'index'>, newestFirst: readonly Refusal[]): Refusal[] {
  return newestFirst
    .filter(
      ({ at, status, source }) => at === wanted.at && status === wanted.status && source === wanted.source,
    )
    .reverse();
}
