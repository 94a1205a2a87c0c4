import type { RateWindow } from '../../limits/headers/rateLimit.ts';
import type { LearnedLimit } from '../../limits/pacing/learnedLimits.ts';
import type { LearnedWindow } from '../../limits/pacing/paceWindow.ts';
import type { ProviderWindow } from '../../limits/pacing/providerWindow.ts';
import {
  accountName,
  type LimitName,
  limitName,
  otherLimit,
  parseLimitName,
  routerScope,
} from './limitKey.ts';

/** What gateways learned of windows, for people to see. */
export interface LearnedWindows {
  /** Hugging Face's, of one account: as if the `RateLimit` headers had come to us. */
  readonly hub: readonly RateWindow[];
  /** By provider, model and name. */
  readonly providers: readonly ProviderWindow[];
}

export const nothingLearned: LearnedWindows = { hub: [], providers: [] };

/**
 * The last word on each window. Of the keys of one provider that which was used last counts: two keys' windows side by
 * side would look like one that jumps.
 * @param token whose windows at Hugging Face are wanted
 */
export function learnedWindows(learned: readonly LearnedLimit[], token: string | undefined): LearnedWindows {
  const mine = token === undefined ? undefined : accountName(`Bearer ${token}`);
  const hub = new LastWords<RateWindow>();
  const shared = new LastWords<ProviderWindow>();
  const keys = new Map<string, LastWords<ProviderWindow>>();
  for (const { limit, windows } of [...learned].sort((a, b) => a.at - b.at)) {
    const name = nameOf(limit);
    if (!name) continue;
    const { by, scope } = name;
    for (const window of windows) {
      if (by === 'huggingface') {
        if (mine !== undefined && limitName(mine, name) === limit)
          hub.hear(bucketOf(scope, window.name), hubWindow(scope, window));
      } else if (window.isShownOnly) {
        shared.hear(JSON.stringify([by, window.name]), { ...window, provider: by });
      } else {
        const key = otherLimit(limit, { scope: '' });
        const words = keys.get(key) ?? new LastWords();
        keys.set(key, words);
        words.hear(JSON.stringify([scope, window.name]), { ...window, provider: by, model: scope });
      }
    }
  }
  return { hub: hub.all(), providers: [...lastUsed(keys.values()), ...shared.all()].sort(inOrder) };
}

class LastWords<T extends { readonly asOf: number }> {
  readonly #words = new Map<string, T>();

  /** Of two that are equally old, the one that was written later knows what was sent since. */
  hear(name: string, word: T): void {
    if (word.asOf >= (this.#words.get(name)?.asOf ?? 0)) this.#words.set(name, word);
  }

  all(): T[] {
    return [...this.#words.values()];
  }
}

function lastUsed(keys: Iterable<LastWords<ProviderWindow>>): ProviderWindow[] {
  const byProvider = new Map<string, readonly ProviderWindow[]>();
  for (const key of keys) {
    const windows = key.all();
    const provider = windows[0]?.provider ?? '';
    if (lastAsOf(windows) > lastAsOf(byProvider.get(provider) ?? [])) byProvider.set(provider, windows);
  }
  return [...byProvider.values()].flat();
}

function lastAsOf(windows: readonly ProviderWindow[]): number {
  return windows.reduce((last, { asOf }) => Math.max(last, asOf), 0);
}

/** Undefined for what another version of Headroom may have written, and for a provider that is not known. */
function nameOf(limit: string): LimitName | undefined {
  try {
    const name = parseLimitName(limit);
    return name.by === '' ? undefined : name;
  } catch {
    return undefined;
  }
}

function bucketOf(scope: string, name: string): string {
  return scope === routerScope && name !== routerScope ? `${routerScope} ${name}` : name;
}

function hubWindow(scope: string, window: LearnedWindow): RateWindow {
  const { name, limit, remaining, windowSeconds, resetsBy, asOf } = window;
  return {
    bucket: bucketOf(scope, name),
    ...(limit !== undefined && { limit }),
    ...(remaining !== undefined && { remaining }),
    ...(limit !== undefined && remaining !== undefined && { used: Math.max(0, limit - remaining) }),
    ...(windowSeconds !== undefined && { windowSeconds }),
    ...(resetsBy !== undefined && { resetsAt: resetsBy }),
    asOf,
    source: 'header',
  };
}

/** A provider's own account before Hugging Face's shared one. */
function inOrder(one: ProviderWindow, other: ProviderWindow): number {
  const of = ({ provider, model, name, isShownOnly }: ProviderWindow) =>
    JSON.stringify([provider, isShownOnly === true, model ?? '', name]);
  const [a, b] = [of(one), of(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}
