import type { WorkspaceTotal } from '../limits/requests/countedSpan.ts';
import type { RequestTally } from '../limits/requests/requestTally.ts';

/** The total of one quarter of an hour and workspace. */
export interface WorkspaceQuarter extends WorkspaceTotal {
  /** Its start, epoch ms. */
  readonly quarter: number;
}

export const quarterMs = 900_000;

type Growing = { -readonly [Key in keyof WorkspaceQuarter]: WorkspaceQuarter[Key] };

/** Nearly all batches are of one workspace and quarter, so the last total is compared before any key is made. */
export function quartersOf(tallies: readonly RequestTally[]): WorkspaceQuarter[] {
  const quarters: Growing[] = [];
  let total: Growing | undefined;
  for (const { at, status, workspace, costNanoUsd } of tallies) {
    if (workspace === undefined || status < 1 || status >= 400) continue;
    const quarter = Math.floor(at / quarterMs) * quarterMs;
    if (total?.quarter !== quarter || total.workspace !== workspace) {
      total = quarters.find(each => each.quarter === quarter && each.workspace === workspace);
      if (!total) {
        total = { quarter, workspace, requests: 0, costNanoUsd: 0, uncosted: 0 };
        quarters.push(total);
      }
    }
    total.requests += 1;
    total.costNanoUsd += costNanoUsd ?? 0;
    if (costNanoUsd === undefined) total.uncosted += 1;
  }
  return quarters;
}
