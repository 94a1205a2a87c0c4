import type * as vscode from 'vscode';
import { parseProviderUrls } from '../../billing/providerUrls.ts';
import type { Servers } from '../../hub/servers.ts';
import type { OwnServers } from '../../watch/serverNames.ts';
import { gatewaySettings } from './settings.ts';

/** Key in the workspace's state: the port at which programs find the gateway in every session. */
export const gatewayPort = 'gateway.port';
/** The same for the port that serves the Hub at its root. */
export const gatewayHubPort = 'gateway.hubPort';
/** Key in the workspace's state: programs know the gateway's address, and may outlive the window. */
export const gatewayGiven = 'gateway.given';
/** Key in the workspace's state: the port of this session, which differs when `gatewayPort` was taken. */
export const gatewayPortNow = 'gateway.portNow';
/** The same for `gatewayHubPort`. */
export const gatewayHubPortNow = 'gateway.hubPortNow';

/** Servers that replace Hugging Face's and the providers' in this window, and its gateway. */
export function ownServers(servers: Servers, workspaceState: vscode.Memento): OwnServers {
  const address = (now: string, remembered: string) => {
    const port = workspaceState.get<number>(now) ?? workspaceState.get<number>(remembered, 0);
    return port > 0 ? `http://127.0.0.1:${port}` : undefined;
  };
  return {
    ...servers,
    providerUrls: providerUrls(),
    gatewayUrl: address(gatewayPortNow, gatewayPort),
    gatewayHubUrl: address(gatewayHubPortNow, gatewayHubPort),
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
