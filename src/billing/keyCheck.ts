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
      /** `answers-anyone`: the provider serves its list without any key, so its answer proved nothing. */
      readonly reason: 'no-call-known' | 'answers-anyone' | 'failed';
      readonly error?: HubError;
    };

/**
 * Asks the provider by the cheapest call it has whether it knows the key. Redirects are not followed, and what the
 * provider answers is not taken for a word on the account at Hugging Face.
 * @throws InvalidProviderKey when the text can't be a key: then nothing is sent
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
    return judge(error);
  }
  try {
    await ask({});
  } catch (error) {
    return declines(error) ? { kind: 'accepted' } : unchecked(error);
  }
  return { kind: 'unchecked', reason: 'answers-anyone' };
}

/** A restricted key is answered 403, too: only words on the key tell that it is the key. */
function judge(error: unknown): KeyCheck {
  const status = statusOf(error);
  const words = error instanceof HubError ? (error.details.words ?? '') : '';
  const wrong = /\b(invalid|incorrect|unknown|expired|revoked)\b.{0,40}\b(key|token)\b|\bunauthori[sz]ed\b/i;
  if (status === 401 || (status === 403 && wrong.test(words))) return { kind: 'rejected', status };
  return unchecked(error);
}

/** Without a key some answer 400. */
function declines(error: unknown): boolean {
  return [400, 401, 403].includes(statusOf(error) ?? 0);
}

function statusOf(error: unknown): number | undefined {
  return error instanceof HubError && error.kind !== 'not-json' ? error.details.status : undefined;
}

function unchecked(error: unknown): KeyCheck {
  if (!(error instanceof HubError)) throw error;
  return { kind: 'unchecked', reason: 'failed', error };
}
