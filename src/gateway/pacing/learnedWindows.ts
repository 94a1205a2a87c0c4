import { mostShownWindows } from '../../limits/bounds.ts';
import { type RateWindow, usedOf } from '../../limits/headers/rateLimit.ts';
import type { LearnedLimit } from '../../limits/pacing/learnedLimits.ts';
import type { ProviderWindow } from '../../limits/pacing/providerWindow.ts';
import {
  accountName,
  type LimitName,
  limitName,
  otherLimit,
  parseLimitName,
  routerScope,
} from './limitKey.ts';

/** The windows that gateways learned, as they are shown. */
export interface LearnedWindows {
  /** Hugging Face's, of one account. */
  readonly hub: readonly RateWindow[];
  /** By provider, model and bucket. */
  readonly providers: readonly ProviderWindow[];
}

export const nothingLearned: LearnedWindows = { hub: [], providers: [] };

/**
 * The latest report of each window. A partner's behind the router is of Hugging Face's account there. Of several keys of one provider the last used one counts: side by side,
 * their windows would look like one that jumps.
 * @param token of the account whose Hugging Face windows are wanted
 */
export function learnedWindows(learned: readonly LearnedLimit[], token: string | undefined): LearnedWindows {
  const account = token === undefined ? undefined : accountName(`Bearer ${token}`);
  const hub = new LatestReports<RateWindow>();
  const shared = new LatestReports<ProviderWindow>();
  const keys = new Map<string, LatestReports<ProviderWindow>>();
  for (const { limit, windows } of [...learned].sort((a, b) => a.at - b.at)) {
    const name = nameOf(limit);
    if (!name) continue;
    const { by: provider, scope, model } = name;
    for (const window of windows) {
      if (window.provider !== undefined && provider === 'huggingface') {
        const partner = window.provider;
        const id = JSON.stringify([partner, window.bucket, model]);
        shared.add(id, {
          ...window,
          provider: partner,
          ...(model !== undefined && { model }),
          isShownOnly: true,
        });
      } else if (provider === 'huggingface') {
        if (account === undefined || limitName(account, name) !== limit) continue;
        const bucket = hubBucket(scope, window.bucket);
        hub.add(bucket, { ...window, bucket, used: usedOf(window) });
      } else if (window.isShownOnly) {
        shared.add(JSON.stringify([provider, window.bucket]), { ...window, provider });
      } else {
        const key = otherLimit(limit, { by: provider, scope: '' });
        const reports = keys.get(key) ?? new LatestReports();
        keys.set(key, reports);
        reports.add(JSON.stringify([scope, window.bucket]), { ...window, provider, model: scope });
      }
    }
  }
  const providers = lastReported([...lastUsed(keys.values()), ...shared.all()]);
  return { hub: lastReported(hub.all()), providers: providers.sort(inOrder) };
}

class LatestReports<Window extends RateWindow> {
  readonly #windows = new Map<string, Window>();

  /** Of two equally old reports the later call wins: its gateway also counted requests sent since. */
  add(name: string, window: Window): void {
    if (window.asOf >= (this.#windows.get(name)?.asOf ?? 0)) this.#windows.set(name, window);
  }

  all(): Window[] {
    return [...this.#windows.values()];
  }
}

function lastUsed(keys: Iterable<LatestReports<ProviderWindow>>): ProviderWindow[] {
  const byProvider = new Map<string, readonly ProviderWindow[]>();
  for (const key of keys) {
    const windows = key.all();
    const provider = windows[0]?.provider ?? '';
    if (lastAsOf(windows) > lastAsOf(byProvider.get(provider) ?? [])) byProvider.set(provider, windows);
  }
  return [...byProvider.values()].flat();
}

function lastReported<Window extends RateWindow>(windows: Window[]): Window[] {
  if (windows.length <= mostShownWindows) return windows;
  return windows.sort((one, other) => other.asOf - one.asOf).slice(0, mostShownWindows);
}

function lastAsOf(windows: readonly ProviderWindow[]): number {
  return windows.reduce((last, { asOf }) => Math.max(last, asOf), 0);
}

/** Undefined for names that another version of Headroom wrote, and without a provider. */
function nameOf(limit: string): LimitName | undefined {
  try {
    const name = parseLimitName(limit);
    return name.by === '' ? undefined : name;
  } catch {
    return undefined;
  }
}

function hubBucket(scope: string, bucket: string): string {
  return scope === routerScope && bucket !== routerScope ? `${routerScope} ${bucket}` : bucket;
}

/** The user's own keys before Hugging Face's shared accounts. */
function inOrder(one: ProviderWindow, other: ProviderWindow): number {
  const sortKey = ({ provider, model, bucket, isShownOnly }: ProviderWindow) =>
    JSON.stringify([provider, isShownOnly === true, model ?? '', bucket]);
  const [a, b] = [sortKey(one), sortKey(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}
