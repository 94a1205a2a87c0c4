import type { Http } from '../hub/http.ts';
import { HubError } from '../hub/hubError.ts';
import { parseProviderKey } from './providerKey.ts';
import { findProvider } from './providers.ts';
import type { ProviderUrls } from './providerUrls.ts';

export type KeyCheck =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'rejected'; readonly status: number }
  | {
      readonly kind: 'unchecked';
      /** `answers-anyone`: the provider answers without a key too, so its answer proves nothing. */
      readonly reason: 'no-call-known' | 'answers-anyone' | 'failed';
      readonly error?: HubError;
    };

/**
 * Checks a key with the provider's cheapest call. Its responses say nothing about the account at Hugging Face: they
 * are not observed.
 * @throws InvalidProviderKey before anything is sent
 */
export async function checkKey(
  http: Pick<Http, 'getJson'>,
  provider: string,
  key: string,
  urls: ProviderUrls,
  signal?: AbortSignal,
): Promise<KeyCheck> {
  const token = parseProviderKey(key);
  const entry = findProvider(provider);
  if (!entry?.checkPath) return { kind: 'unchecked', reason: 'no-call-known' };
  const url = (urls[provider] ?? entry.baseUrl) + entry.checkPath;
  const ask = (request: { token?: string }) => http.getJson(url, { ...request, signal, untapped: true });
  try {
    await ask({ token });
  } catch (error) {
    return rejection(error);
  }
  try {
    await ask({});
  } catch (error) {
    return needsKey(error) ? { kind: 'accepted' } : unchecked(error);
  }
  return { kind: 'unchecked', reason: 'answers-anyone' };
}

/** Valid keys with restrictions get a 403 too: only a 403 whose message is about the key rejects it. */
function rejection(error: unknown): KeyCheck {
  const status = statusOf(error);
  const words = error instanceof HubError ? (error.details.words ?? '') : '';
  const wrong = /\b(invalid|incorrect|unknown|expired|revoked)\b.{0,40}\b(key|token)\b|\bunauthori[sz]ed\b/i;
  if (status === 401 || (status === 403 && wrong.test(words))) return { kind: 'rejected', status };
  return unchecked(error);
}

/** Some providers answer 400 without a key. */
function needsKey(error: unknown): boolean {
  return [400, 401, 403].includes(statusOf(error) ?? 0);
}

function statusOf(error: unknown): number | undefined {
  return error instanceof HubError && error.kind !== 'not-json' ? error.details.status : undefined;
}

function unchecked(error: unknown): KeyCheck {
  if (!(error instanceof HubError)) throw error;
  return { kind: 'unchecked', reason: 'failed', error };
}
