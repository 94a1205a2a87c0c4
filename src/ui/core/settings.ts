import * as vscode from 'vscode';
import type { Families } from '../../gateway/programVariables.ts';
import type { ProxySettings } from '../../hub/proxy.ts';
import type { Servers } from '../../hub/servers.ts';
import { settings } from '../../view/contributions.ts';
import type { ViewSettings } from '../../view/viewInput.ts';

const nanoPerUsd = 1e9;
/** Seconds. */
const longestWait = { usual: 60, most: 600 };

const proxySettings = {
  proxy: 'http.proxy',
  noProxy: 'http.noProxy',
  authorization: 'http.proxyAuthorization',
  support: 'http.proxySupport',
  strictSSL: 'http.proxyStrictSSL',
} as const;

const connectionSettings: readonly string[] = [
  settings.hubUrl,
  settings.routerUrl,
  settings.endpointsUrl,
  ...Object.values(proxySettings),
];

/** The user's settings for the views. */
export function viewSettings(): ViewSettings {
  const configuration = vscode.workspace.getConfiguration();
  const budget = configuration.get<number | null>(settings.monthlyBudget);
  return {
    show: configuration.get<ViewSettings['show']>(settings.statusBarShow, 'auto'),
    budgetNanoUsd: typeof budget === 'number' && budget > 0 ? Math.round(budget * nanoPerUsd) : undefined,
  };
}

/** Where tokens may go: only what the user set for themselves counts, never a workspace. */
export function userServers(): Partial<Record<keyof Servers, string>> {
  return {
    hubUrl: userValue(settings.hubUrl),
    routerUrl: userValue(settings.routerUrl),
    endpointsUrl: userValue(settings.endpointsUrl),
  };
}

/** VS Code's own proxy settings, which a proxy of a repository must not replace either. */
export function userProxy(): { proxy: ProxySettings; strictSSL: boolean } {
  return {
    proxy: {
      proxy: userValue(proxySettings.proxy),
      noProxy: userValue<string[]>(proxySettings.noProxy),
      authorization: userValue(proxySettings.authorization),
      support: userValue(proxySettings.support),
    },
    strictSSL: userValue<boolean>(proxySettings.strictSSL) ?? true,
  };
}

/** What is put into terminals, tasks and debug sessions: opt-in, by the user. */
export function chosenFamilies(): Families {
  return {
    openai: userValue<boolean>(settings.environmentOpenai) === true,
    anthropic: userValue<boolean>(settings.environmentAnthropic) === true,
    huggingface: userValue<boolean>(settings.environmentHuggingface) === true,
  };
}

/** How the gateway serves. Not checked yet, but for the wait. */
export function gatewaySettings(): {
  readonly longestWaitMs: number;
  readonly pacing: 'pace' | 'observe';
  readonly failover: unknown;
  readonly providerUrls: unknown;
} {
  const seconds = Number(userValue<unknown>(settings.longestWait) ?? longestWait.usual);
  const inRange = seconds >= 0 ? Math.min(seconds, longestWait.most) : longestWait.usual;
  return {
    longestWaitMs: Math.round(inRange * 1_000),
    pacing: userValue<unknown>(settings.pacing) === 'observe' ? 'observe' : 'pace',
    failover: userValue<unknown>(settings.failover),
    providerUrls: userValue<unknown>(settings.providerUrls),
  };
}

/** Whether the core has to be built anew: it reads the servers and the proxy when it starts. */
export function changesConnections({ affectsConfiguration }: vscode.ConfigurationChangeEvent): boolean {
  return connectionSettings.some(key => affectsConfiguration(key));
}

function userValue<T = string>(key: string): T | undefined {
  return vscode.workspace.getConfiguration().inspect<T>(key)?.globalValue;
}
