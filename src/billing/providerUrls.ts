import { checkServerUrl, type InvalidServerReason, invalidServerReasons } from '../hub/servers.ts';

/** Configured base URLs by provider id, without a trailing slash. */
export type ProviderUrls = Readonly<Record<string, string>>;

/** No key is sent to this base URL. The message never repeats the URL. */
export class InvalidProviderUrl extends Error {
  override readonly name = 'InvalidProviderUrl';
  /** Undefined when the whole value is not an object. */
  readonly provider?: string;
  readonly reason: InvalidServerReason | 'not-an-object';
  constructor(reason: InvalidServerReason | 'not-an-object', provider?: string) {
    super(
      reason === 'not-an-object'
        ? 'providerUrls must be an object of URLs by provider'
        : `providerUrls.${provider} ${invalidServerReasons[reason]}`,
    );
    this.reason = reason;
    this.provider = provider;
  }
}

/**
 * Blank values mean the provider's own URL, as in `headroom.hubUrl`. An invalid one is not skipped: the key would go
 * to the provider although its owner configured another server.
 * @throws InvalidProviderUrl
 */
export function parseProviderUrls(configured: unknown): ProviderUrls {
  if (configured === undefined || configured === null) return {};
  if (typeof configured !== 'object' || Array.isArray(configured)) {
    throw new InvalidProviderUrl('not-an-object');
  }
  const urls = new Map<string, string>();
  for (const [provider, value] of Object.entries(configured)) {
    if (typeof value !== 'string') throw new InvalidProviderUrl('not-a-url', provider);
    if (value.trim() === '') continue;
    const checked = checkServerUrl(value.trim());
    if ('reason' in checked) throw new InvalidProviderUrl(checked.reason, provider);
    urls.set(provider, checked.url);
  }
  return Object.fromEntries(urls);
}

/**
 * @param text JSON, as in `HEADROOM_PROVIDER_URLS`
 * @throws InvalidProviderUrl
 */
export function parseProviderUrlsJson(text: string | undefined): ProviderUrls {
  if (!text?.trim()) return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidProviderUrl('not-an-object');
  }
  return parseProviderUrls(value ?? []);
}
