import * as vscode from 'vscode';
import { type BillingProfile, parseProfiles } from '../../billing/profile.ts';
import type { GatewayConfig } from '../../gateway/options.ts';
import type { Families } from '../../gateway/programVariables.ts';
import type { ProxySettings } from '../../hub/proxy.ts';
import type { Servers } from '../../hub/servers.ts';
import { settings, settingsPrefix } from '../../view/contributions.ts';
import type { ViewSettings } from '../../view/viewInput.ts';

const nanoPerUsd = 1e9;
/** In seconds. */
const longestWait = { byDefault: 60, most: 600 };

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

/** Settings of the views. */
export function viewSettings(): ViewSettings {
  const configuration = vscode.workspace.getConfiguration();
  const budget = configuration.get<number | null>(settings.monthlyBudget);
  return {
    show: configuration.get<ViewSettings['show']>(settings.statusBarShow, 'auto'),
    budgetNanoUsd: typeof budget === 'number' && budget > 0 ? Math.round(budget * nanoPerUsd) : undefined,
    failover: failoverProfiles(),
    mutedLimits: mutedLimits(),
  };
}

/** Ids of limits that the user wants no notice of. */
export function mutedLimits(): string[] {
  const value = userValue<unknown>(settings.mutedLimits);
  return Array.isArray(value) ? value.filter(each => typeof each === 'string') : [];
}

/** Servers that receive tokens: user settings only, never a workspace's. */
export function userServers(): Partial<Record<keyof Servers, string>> {
  return {
    hubUrl: userValue(settings.hubUrl),
    routerUrl: userValue(settings.routerUrl),
    endpointsUrl: userValue(settings.endpointsUrl),
  };
}

/** VS Code's proxy settings: user settings only, never a workspace's. */
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

/** SDK families whose variables all terminals, tasks and debug sessions get; opt-in by the user. */
export function chosenFamilies(): Families {
  return {
    openai: userValue<boolean>(settings.environmentOpenai) === true,
    anthropic: userValue<boolean>(settings.environmentAnthropic) === true,
    huggingface: userValue<boolean>(settings.environmentHuggingface) === true,
  };
}

export type GatewaySettings = ReturnType<typeof gatewaySettings>;

/** Settings that concern the gateway. `failover`, `providerUrls` and `servers` are unchecked. */
export function gatewaySettings() {
  const seconds = Number(userValue<unknown>(settings.longestWait) ?? longestWait.byDefault);
  const inRange = seconds >= 0 ? Math.min(seconds, longestWait.most) : longestWait.byDefault;
  const pacing: GatewayConfig['pacing'] =
    userValue<unknown>(settings.pacing) === 'observe' ? 'observe' : 'pace';
  return {
    longestWaitMs: Math.round(inRange * 1_000),
    pacing,
    failover: userValue<unknown>(settings.failover),
    providerUrls: userValue<unknown>(settings.providerUrls),
    servers: userServers(),
    ...userProxy(),
  };
}

/** Profiles that may stand in, in this order. */
export function failoverProfiles(): BillingProfile[] {
  return parseProfiles(userValue<unknown>(settings.failover));
}

/** Fires for every setting of Headroom and of VS Code's proxy. */
export function onDidChangeSettings(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration(change => {
    if (change.affectsConfiguration(settingsPrefix) || change.affectsConfiguration('http')) listener();
  });
}

/** Writes the user's settings; undefined: removes it there. */
export async function setUserSetting(key: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration().update(key, value, vscode.ConfigurationTarget.Global);
}

/** Whether the core has to restart: it reads servers and proxy only at its start. */
export function changesConnections({ affectsConfiguration }: vscode.ConfigurationChangeEvent): boolean {
  return connectionSettings.some(key => affectsConfiguration(key));
}

function userValue<T = string>(key: string): T | undefined {
  return vscode.workspace.getConfiguration().inspect<T>(key)?.globalValue;
}
