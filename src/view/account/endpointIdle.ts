import type { Endpoint } from '../../limits/account/endpoints.ts';
import { runsUntilStopped, useOf } from '../../limits/account/endpointUse.ts';
import { idleSuggestedMs } from '../../limits/bounds.ts';
import { formatSpan } from '../../limits/headers/duration.ts';
import type { ViewInput } from '../viewInput.ts';
import { knownHardware } from './knownHardware.ts';

const hourMs = 3_600_000;
/** Two readings at the idle pace are overdue: the endpoint may be busy by now. */
const shownMs = 130 * 60_000;

/** An endpoint that costs money without a request. */
export interface Idle {
  /** As of the last reading. */
  readonly ms: number;
  /** Epoch ms by Hugging Face's clock. */
  readonly readAt: number;
}

/** Undefined: it is not known to have had no request for hours, costs nothing, or scales to zero by itself. */
export function idleOf(endpoint: Endpoint, { snapshot, serverNow }: ViewInput): Idle | undefined {
  if (!runsUntilStopped(endpoint, knownHardware(snapshot))) return undefined;
  const history = useOf(endpoint, snapshot.endpointUse)?.history;
  if (!history || serverNow - history.readAt > shownMs) return undefined;
  const { since, readAt } = history;
  return readAt - since >= idleSuggestedMs ? { ms: readAt - since, readAt } : undefined;
}

/** `3 h`, `2 days`: in whole hours, rounded down. */
export function idleText({ ms }: Idle, locale: string): string {
  return formatSpan(wholeHoursMs(ms) / 1000, locale);
}

export function wholeHoursMs(ms: number): number {
  return Math.floor(ms / hourMs) * hourMs;
}
