import * as l10n from '@vscode/l10n';
import type { Snapshot } from '../../account/snapshot.ts';
import { mergeWindows } from '../../limits/account/mergeWindows.ts';
import { type RateWindow, windowState } from '../../limits/headers/rateLimit.ts';
import type { Refusal } from '../../limits/refusals/refusal.ts';
import { oneLine } from '../text/plainText.ts';

/** The Hub's windows are of 5 minutes: https://huggingface.co/docs/hub/rate-limits. */
const hubWindowSeconds = 300;
/** Longer waits are for single actions such as commits, and block nothing else. */
const longestBlockMs = 10 * 60_000;
/** How long a refusal without a reset blocks. */
const undatedBlockMs = 60_000;

/** The Hub's windows, one for each bucket, merged from the gauge and the headers. */
export function buckets({ gauges, headerWindows }: Snapshot, now: number): RateWindow[] {
  return mergeWindows(gauges.value?.windows ?? [], headerWindows, now).map(window => {
    const state = overAt(window) <= now ? undefined : windowState(window, now);
    return state ? { ...window, state } : window;
  });
}

/** Full or nearly: its reset counts down in seconds. */
export function isNearlyFull({ state }: RateWindow): boolean {
  return state === 'nearly-full' || state === 'full';
}

/** Epoch ms. A gauge has no reset, so its window is over after the window's length. */
function overAt({ resetsAt, asOf, windowSeconds = hubWindowSeconds }: RateWindow): number {
  return resetsAt ?? asOf + windowSeconds * 1000;
}

/** A limit that blocks requests at present. */
export interface BlockingLimit {
  /** `Hub API`, `groq`: plain text, not escaped. */
  readonly name: string;
  /** Epoch ms; undefined: the server did not say. */
  readonly until?: number;
}

/** The limit that blocks longest: a full window, or a 429 whose wait is not over. */
export function blockingLimit(snapshot: Snapshot, now: number): BlockingLimit | undefined {
  const full = buckets(snapshot, now).flatMap(({ state, resetsAt, bucket, asOf }) =>
    state === 'full' && resetsAt !== undefined && resetsAt > now && resetsAt - asOf <= longestBlockMs
      ? [{ name: hubBucketName(bucket), until: resetsAt }]
      : [],
  );
  const refused = snapshot.refusals.filter(refusal => blocks(refusal, now)).map(limitOf);
  return [...full, ...refused].reduce<BlockingLimit | undefined>(
    (longest, next) => (longest && (longest.until ?? 0) >= (next.until ?? 0) ? longest : next),
    undefined,
  );
}

function blocks({ cause, at, resetsAt = at + undatedBlockMs }: Refusal, now: number): boolean {
  if (cause !== 'rate' && cause !== 'tokens' && cause !== 'concurrency') return false;
  return at <= now && resetsAt > now && resetsAt - at <= longestBlockMs;
}

function limitOf(refusal: Refusal): BlockingLimit {
  const { by, scope = '', resetsAt } = refusal;
  const ofHub = isOfHubWindow(refusal) ? hubBucketName(scope) : l10n.t('Inference Providers');
  const name = by === 'huggingface' ? ofHub : oneLine(by, 24);
  return { name, ...(resetsAt !== undefined && { until: resetsAt }) };
}

/** Whether Hugging Face's rate refusal is of a Hub window. A refusal of a model is the router's, which has none. */
export function isOfHubWindow({ by, model, limit }: Refusal): boolean {
  return by === 'huggingface' && (model === undefined || limit !== undefined);
}

/** `Hub API`, `Hub resolvers`. */
export function hubBucketName(bucket: string): string {
  const name = oneLine(bucket, 24);
  if (name === 'api') return l10n.t('Hub API');
  return name === '' ? l10n.t('Hub') : l10n.t('Hub {0}', name);
}
