import * as l10n from '@vscode/l10n';
import type { Snapshot } from '../../account/snapshot.ts';
import { mergeWindows } from '../../limits/account/mergeWindows.ts';
import { type RateWindow, windowState } from '../../limits/headers/rateLimit.ts';
import type { Refusal } from '../../limits/refusals/refusal.ts';
import { oneLine } from '../text/plainText.ts';

/** The Hub's windows are of 5 minutes: https://huggingface.co/docs/hub/rate-limits. */
const hubWindowSeconds = 300;
/** Longer waits are for single actions, such as commits: they do not hold up everything else. */
const longestHoldUpMs = 10 * 60_000;
/** How long a refusal holds up without a word on when it ends. */
const undatedHoldUpMs = 60_000;

/** One bucket of the Hub, from the gauge and the headers together. */
export type Bucket = RateWindow;

export function buckets({ gauges, headerWindows }: Snapshot, now: number): Bucket[] {
  return mergeWindows(gauges.value?.windows ?? [], headerWindows, now).map(window => {
    const state = overAt(window) <= now ? undefined : windowState(window, now);
    return state ? { ...window, state } : window;
  });
}

/** Nearly full or full: the ones whose seconds count. */
export function isNearlyFull({ state }: Bucket): boolean {
  return state === 'nearly-full' || state === 'full';
}

/** Epoch ms. A gauge names no end, so it speaks of a window that must be over once its length has passed. */
export function overAt({ resetsAt, asOf, windowSeconds = hubWindowSeconds }: RateWindow): number {
  return resetsAt ?? asOf + windowSeconds * 1000;
}

/** What holds up requests right now. */
export interface HoldUp {
  /** `Hub API`, `groq`: plain text, not yet escaped. */
  readonly name: string;
  /** Epoch ms; undefined when nobody said. */
  readonly until?: number;
}

/** The hold-up that lasts longest: from full windows that run on, and from 429s whose wait is not over. */
export function holdUp(snapshot: Snapshot, now: number): HoldUp | undefined {
  const full = buckets(snapshot, now).flatMap(({ state, resetsAt, bucket, asOf }) =>
    state === 'full' && resetsAt !== undefined && resetsAt > now && resetsAt - asOf <= longestHoldUpMs
      ? [{ name: hubBucketName(bucket), until: resetsAt }]
      : [],
  );
  const refused = snapshot.refusals.filter(refusal => holdsUp(refusal, now)).map(holdUpOf);
  return [...full, ...refused].reduce<HoldUp | undefined>(
    (longest, next) => (longest && (longest.until ?? 0) >= (next.until ?? 0) ? longest : next),
    undefined,
  );
}

/** Epoch ms until which a refusal holds up, whether or not that has passed; undefined: it never does. */
export function heldUpUntil({ cause, at, resetsAt }: Refusal): number | undefined {
  if (cause !== 'rate' && cause !== 'tokens' && cause !== 'concurrency') return undefined;
  if (resetsAt === undefined) return at + undatedHoldUpMs;
  return resetsAt - at <= longestHoldUpMs ? resetsAt : undefined;
}

function holdsUp(refusal: Refusal, now: number): boolean {
  return refusal.at <= now && (heldUpUntil(refusal) ?? 0) > now;
}

function holdUpOf(refusal: Refusal): HoldUp {
  const { by, scope = '', resetsAt } = refusal;
  const ofHub = isOfHubWindow(refusal) ? hubBucketName(scope) : l10n.t('Inference Providers');
  const name = by === 'huggingface' ? ofHub : oneLine(by, 24);
  return { name, ...(resetsAt === undefined ? {} : { until: resetsAt }) };
}

/** Of what Hugging Face refused for its rate. A model is asked for at the router, which tells of no windows. */
export function isOfHubWindow({ by, model, limit }: Refusal): boolean {
  return by === 'huggingface' && (model === undefined || limit !== undefined);
}

/** `Hub API`, `Hub resolvers`. */
export function hubBucketName(bucket: string): string {
  const name = oneLine(bucket, 24);
  if (name === 'api') return l10n.t('Hub API');
  return name === '' ? l10n.t('Hub') : l10n.t('Hub {0}', name);
}
