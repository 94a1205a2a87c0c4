import os from 'node:os';
import { InvalidProviderUrl, type ProviderUrls, parseProviderUrlsJson } from '../billing/providerUrls.ts';
import { InvalidServerUrl, parseServers, type Servers } from '../hub/servers.ts';
import { UsageError } from './command.ts';
import { stateDirectory } from './stateDirectory.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** How often a gateway looks for another payer and another token. It costs microseconds. */
export const followMs = 250;

const providerUrls = 'HEADROOM_PROVIDER_URLS';

const variables: Record<keyof Servers, string> = {
  hubUrl: 'HEADROOM_HUB_URL',
  routerUrl: 'HEADROOM_ROUTER_URL',
  endpointsUrl: 'HEADROOM_ENDPOINTS_URL',
};

/** @param option `--state` */
export function ledgerDirectory(option: string | undefined, environment: Environment): string {
  return stateDirectory(option, { environment, platform: process.platform, home: os.homedir() });
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
