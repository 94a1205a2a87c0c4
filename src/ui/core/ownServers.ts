import type * as vscode from 'vscode';
import { parseProviderUrls } from '../../billing/providerUrls.ts';
import type { Servers } from '../../hub/servers.ts';
import type { OwnServers } from '../../watch/serverNames.ts';
import { gatewaySettings } from './settings.ts';

/** Key in the workspace's state: the port at which programs find the gateway in every session. */
export const gatewayPort = 'gateway.port';
/** Key in the workspace's state: the port of this session, which differs when `gatewayPort` was taken. */
export const gatewayPortNow = 'gateway.portNow';

/** Servers that replace Hugging Face's and the providers' in this window, and its gateway. */
export function ownServers(servers: Servers, workspaceState: vscode.Memento): OwnServers {
  const port = workspaceState.get<number>(gatewayPortNow) ?? workspaceState.get<number>(gatewayPort, 0);
  return {
    ...servers,
    providerUrls: providerUrls(),
    gatewayUrl: port > 0 ? `http://127.0.0.1:${port}` : undefined,
  };
}

/** An invalid setting counts as none here; the gateway reports it. */
function providerUrls(): OwnServers['providerUrls'] {
  try {
    return parseProviderUrls(gatewaySettings().providerUrls);
  } catch {
    return {};
  }
}
