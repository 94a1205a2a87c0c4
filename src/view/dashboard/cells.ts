import { formatDuration } from '../../limits/headers/duration.ts';
import { formatCount } from '../text/counts.ts';
import { exactUsd } from '../text/exactUsd.ts';
import { oneLine } from '../text/plainText.ts';
import type { Table } from './dashboardState.ts';

export type Cell = Table['rows'][number][number];

const longestName = 120;

/** Not known. */
export const dash: Cell = { text: '–', value: null };

export function textCell(text: string): Cell {
  return { text: oneLine(text, longestName) };
}

export function usdCell(nanoUsd: number | undefined, locale: string): Cell {
  return nanoUsd === undefined ? dash : { text: exactUsd(nanoUsd, locale), value: Math.round(nanoUsd) };
}

export function countCell(count: number | undefined, locale: string): Cell {
  return count === undefined ? dash : { text: formatCount(count, locale), value: count };
}

export function durationCell(ms: number | undefined, locale: string): Cell {
  return ms === undefined ? dash : { text: formatDuration(ms, locale), value: Math.round(ms) };
}

/** A column of names. `id` heads it in exports. */
export function names(id: string, label: string): Table['columns'][number] {
  return { id, label, isNumber: false };
}

export function numbers(id: string, label: string): Table['columns'][number] {
  return { id, label, isNumber: true };
}
