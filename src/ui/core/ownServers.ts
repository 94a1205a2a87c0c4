import type * as vscode from 'vscode';
import { parseProviderUrls } from '../../billing/providerUrls.ts';
import type { Servers } from '../../hub/servers.ts';
import type { OwnServers } from '../../watch/serverNames.ts';
import { gatewaySettings } from './settings.ts';

/** Where programs of this workspace find the gateway in every session, in the workspace's state. */
export const gatewayPort = 'gateway.port';
/** Where it is in this one, when that port was taken. */
export const gatewayPortNow = 'gateway.portNow';

/** The servers that stand in this window where Hugging Face's, a provider's or nobody's would. */
export function ownServers(servers: Servers, workspaceState: vscode.Memento): OwnServers {
  const port = workspaceState.get<number>(gatewayPortNow) ?? workspaceState.get<number>(gatewayPort, 0);
  return {
    ...servers,
    providerUrls: providerUrls(),
    gatewayUrl: port > 0 ? `http://127.0.0.1:${port}` : undefined,
  };
}

/** Settings that can't be read are the concern of whoever sends requests there. */
function providerUrls(): OwnServers['providerUrls'] {
  try {
    return parseProviderUrls(gatewaySettings().providerUrls);
  } catch {
    return {};
  }
}
