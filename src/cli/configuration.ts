import os from 'node:os';
import path from 'node:path';
import { InvalidProviderUrl, type ProviderUrls, parseProviderUrlsJson } from '../billing/providerUrls.ts';
import { InvalidServerUrl, parseServers, type Servers } from '../hub/servers.ts';
import { UsageError } from './command.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** How often a gateway looks for another payer and another token. It costs microseconds. */
export const followMs = 250;

const providerUrls = 'HEADROOM_PROVIDER_URLS';

const variables: Record<keyof Servers, string> = {
  hubUrl: 'HEADROOM_HUB_URL',
  routerUrl: 'HEADROOM_ROUTER_URL',
  endpointsUrl: 'HEADROOM_ENDPOINTS_URL',
};

/**
 * The ledger's folder, absolute: `--state`, `HEADROOM_STATE`, else the platform's folder for state.
 * @param option `--state`
 */
export function stateDirectory(
  option: string | undefined,
  environment: Environment,
  platform = process.platform,
  home = os.homedir(),
): string {
  const configured = option || environment.HEADROOM_STATE?.trim();
  if (configured) return path.resolve(configured);
  switch (platform) {
    case 'darwin':
      return path.join(home, 'Library', 'Application Support', 'headroom');
    case 'win32':
      return path.join(environment.LOCALAPPDATA || path.join(home, 'AppData', 'Local'), 'headroom');
    default: {
      // XDG Base Directory Specification: relative paths are invalid and have to be ignored
      const xdg = environment.XDG_STATE_HOME ?? '';
      return path.join(path.isAbsolute(xdg) ? xdg : path.join(home, '.local', 'state'), 'headroom');
    }
  }
}

/** Id of the window in whose terminal this runs; undefined: in none, the user's default applies. */
export function workspaceOf(environment: Environment): string | undefined {
  return environment.HEADROOM_WORKSPACE?.trim() || undefined;
}

/** @throws UsageError */
export function configuredServers(environment: Environment): Servers {
  try {
    return parseServers({
      hubUrl: environment[variables.hubUrl],
      routerUrl: environment[variables.routerUrl],
      endpointsUrl: environment[variables.endpointsUrl],
    });
  } catch (error) {
    if (!(error instanceof InvalidServerUrl)) throw error;
    throw new UsageError(`${error.message.replace(error.setting, variables[error.setting])}.`, {
      cause: error,
    });
  }
}

/** @throws UsageError */
export function configuredProviderUrls(environment: Environment): ProviderUrls {
  try {
    return parseProviderUrlsJson(environment[providerUrls]);
  } catch (error) {
    if (!(error instanceof InvalidProviderUrl)) throw error;
    throw new UsageError(`${error.message.replace('providerUrls', providerUrls)}.`, { cause: error });
  }
}
