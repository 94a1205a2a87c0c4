import * as l10n from '@vscode/l10n';
import type { Endpoint } from '../../limits/account/endpoints.ts';
import { runsUntilStopped, useOf } from '../../limits/account/endpointUse.ts';
import { idleSuggestedMs } from '../../limits/bounds.ts';
import { formatAmount } from '../../limits/headers/duration.ts';
import { spokenDuration } from '../text/spoken.ts';
import type { ViewInput } from '../viewInput.ts';
import { knownHardware } from './knownHardware.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Two readings at the idle pace are overdue: the endpoint may be busy by now. */
const shownMs = 130 * 60_000;

/** An endpoint that costs money without a request. */
export interface Idle {
  /** As of the last reading. */
  readonly ms: number;
  /** Epoch ms by Hugging Face's clock. */
  readonly readAt: number;
}

/** Undefined: a request lately, no cost, a scale to zero by itself, or no recent count by Hugging Face. */
export function idleOf(endpoint: Endpoint, { snapshot, serverNow }: ViewInput): Idle | undefined {
  if (!runsUntilStopped(endpoint, knownHardware(snapshot))) return undefined;
  const history = useOf(endpoint, snapshot.endpointUse)?.history;
  if (!history || serverNow - history.readAt > shownMs) return undefined;
  const { since, readAt } = history;
  return readAt - since >= idleSuggestedMs ? { ms: readAt - since, readAt } : undefined;
}

/** `3 h`, `47 h`, `2 days`: rounded down. */
export function idleText({ ms }: Idle, locale: string): string {
  return daysText(ms) ?? formatAmount(Math.floor(ms / hourMs), 'hour', locale);
}

/** `3 hours`, `2 days`. */
export function spokenIdle({ ms }: Idle, locale: string): string {
  return daysText(ms) ?? spokenDuration(Math.floor(ms / hourMs) * hourMs, locale);
}

/** Translated: after “seit” German has a dative, which Intl lacks. */
function daysText(ms: number): string | undefined {
  return ms < 2 * dayMs ? undefined : l10n.t('{0} days', Math.floor(ms / dayMs));
}
