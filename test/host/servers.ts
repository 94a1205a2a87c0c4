import * as vscode from 'vscode';
import type { Emulator } from '../emulator/server.ts';

const keys = ['hubUrl', 'routerUrl', 'endpointsUrl', 'providerUrls'] as const;

/** Sets the user settings for servers to the emulator; without one, removes them. */
export async function useServers(emulator?: Emulator): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('headroom');
  for (const key of keys) await configuration.update(key, emulator?.[key], vscode.ConfigurationTarget.Global);
}
