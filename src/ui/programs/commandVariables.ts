import type { Servers } from '../../hub/servers.ts';

/** What the user set, unchecked: the command refuses what is not fit, as we do. */
export interface CommandSettings {
  readonly servers: Partial<Record<keyof Servers, string>>;
  readonly providerUrls: unknown;
}

/** What `headroom` needs in a terminal: the Node to run on, and where the user lets tokens and keys go. */
export function commandVariables(
  node: string,
  { servers, providerUrls }: CommandSettings,
): Record<string, string> {
  const { hubUrl, routerUrl, endpointsUrl } = servers;
  return {
    HEADROOM_NODE: node,
    ...(hubUrl && { HEADROOM_HUB_URL: hubUrl }),
    ...(routerUrl && { HEADROOM_ROUTER_URL: routerUrl }),
    ...(endpointsUrl && { HEADROOM_ENDPOINTS_URL: endpointsUrl }),
    ...(providerUrls !== undefined &&
      providerUrls !== null && { HEADROOM_PROVIDER_URLS: JSON.stringify(providerUrls) }),
  };
}
