import { InvalidProviderUrl, type ProviderUrls, parseProviderUrls } from '../../billing/providerUrls.ts';

export interface UsableProviderUrls {
  readonly urls: ProviderUrls;
  readonly problems: readonly InvalidProviderUrl[];
}

/** Those that can be used, where `parseProviderUrls` gives up with the first that can't. */
export function usableProviderUrls(configured: unknown): UsableProviderUrls {
  try {
    return { urls: parseProviderUrls(configured), problems: [] };
  } catch (error) {
    if (!(error instanceof InvalidProviderUrl)) throw error;
    if (error.provider === undefined) return { urls: {}, problems: [error] };
  }
  const parts = Object.entries(configured as object).map(([provider, value]) => one(provider, value));
  return {
    urls: Object.assign({}, ...parts.map(({ urls }) => urls)),
    problems: parts.flatMap(({ problems }) => problems),
  };
}

function one(provider: string, value: unknown): UsableProviderUrls {
  try {
    return { urls: parseProviderUrls({ [provider]: value }), problems: [] };
  } catch (error) {
    if (!(error instanceof InvalidProviderUrl)) throw error;
    return { urls: {}, problems: [error] };
  }
}
