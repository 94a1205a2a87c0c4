import {
  certificateVariables,
  type EditorConnections,
  readEditorConnections,
} from '../account/editorConnections.ts';
import { findProvider, providerName } from '../billing/providers.ts';
import { InvalidProviderUrl, type ProviderUrls, parseProviderUrlsJson } from '../billing/providerUrls.ts';
import {
  checkServerUrl,
  endpointsApi,
  huggingFaceServers,
  InvalidServerUrl,
  isLoopback,
  parseServers,
  type Servers,
} from '../hub/servers.ts';
import { UsageError } from './command.ts';
import type { Environment } from './configuration.ts';
import { printBefore, printError } from './terminal.ts';

const providerVariable = 'HEADROOM_PROVIDER_URLS';

const named: Readonly<
  Record<keyof Servers, { readonly variable: string; readonly setting: string; readonly name: string }>
> = {
  hubUrl: { variable: 'HEADROOM_HUB_URL', setting: 'headroom.hubUrl', name: 'Hub' },
  routerUrl: { variable: 'HEADROOM_ROUTER_URL', setting: 'headroom.routerUrl', name: 'router' },
  endpointsUrl: {
    variable: 'HEADROOM_ENDPOINTS_URL',
    setting: 'headroom.endpointsUrl',
    name: 'Inference Endpoints',
  },
};
const settings: readonly (keyof Servers)[] = ['hubUrl', 'routerUrl', 'endpointsUrl'];

/** The editors whose user settings decide in this terminal; undefined: it is no editor's, the environment decides. */
export type Editors = readonly EditorConnections[] | undefined;

/**
 * A workspace sets variables of an editor's terminals, but VS Code sets TERM_PROGRAM after them, and a `.env` file can
 * change variables but not remove those that begin with VSCODE_.
 */
export function editorsOf(environment: Environment): Editors {
  const isInEditor =
    environment.TERM_PROGRAM === 'vscode' ||
    Object.keys(environment).some(name => /^(VSCODE_|HEADROOM_NODE$)/i.test(name));
  return isInEditor ? readEditorConnections() : undefined;
}

/**
 * The servers of a command that sends tokens. Names those that are not Hugging Face's on the output's first line, and
 * keeps a workspace's certificates out.
 * @param json stdout is one JSON value
 * @throws UsageError
 */
export function announcedServers(environment: NodeJS.ProcessEnv, json: boolean): Servers {
  const editors = editorsOf(environment);
  const servers = configuredServers(environment, editors);
  announce(servers, {}, environment, editors, json);
  return servers;
}

/**
 * As `announcedServers`, with the providers'.
 * @throws UsageError
 */
export function announcedConnections(
  environment: NodeJS.ProcessEnv,
  json: boolean,
): { readonly servers: Servers; readonly providerUrls: ProviderUrls } {
  const editors = editorsOf(environment);
  const servers = configuredServers(environment, editors);
  const providerUrls = configuredProviderUrls(environment, editors);
  announce(servers, providerUrls, environment, editors, json);
  return { servers, providerUrls };
}

function announce(
  servers: Servers,
  providerUrls: ProviderUrls,
  environment: NodeJS.ProcessEnv,
  editors: Editors,
  json: boolean,
): void {
  printBefore(serversLine(servers, providerUrls), json);
  const dropped = dropForeignCertificates(environment, editors);
  if (dropped.length === 0) return;
  printError(
    `${dropped.join(', ')} not used: in an editor's terminal only the editor's own value counts, because a workspace can set variables there.`,
  );
}

/**
 * The servers of the environment; in an editor's terminal a missing one is the editor's. There, a server must be
 * Hugging Face's, on this machine, or in the user settings of an editor.
 * @throws UsageError
 */
export function configuredServers(environment: Environment, editors: Editors): Servers {
  const texts = settings.map(setting => {
    const text = environment[named[setting].variable]?.trim();
    return [setting, text || agreed(editors, ({ servers }) => servers[setting])] as const;
  });
  const servers = serversIn(Object.fromEntries(texts));
  if (!editors) return servers;
  for (const setting of settings) {
    const url = servers[setting];
    const trusted = [huggingFaceServers[setting], ...editors.map(editor => editor.servers[setting] ?? '')];
    if (isLoopback(new URL(url).hostname)) continue;
    if (trusted.some(each => comparable(setting, each) === comparable(setting, url))) continue;
    throw untrusted(named[setting].variable, url, named[setting].setting);
  }
  return servers;
}

/**
 * As `configuredServers`, by provider.
 * @throws UsageError
 */
export function configuredProviderUrls(environment: Environment, editors: Editors): ProviderUrls {
  const text = environment[providerVariable]?.trim();
  const ofEditors = agreed(editors, ({ providerUrls }) => JSON.stringify(providerUrls));
  const urls = providerUrlsIn(text || ofEditors);
  if (!editors) return urls;
  for (const [provider, url] of Object.entries(urls)) {
    const ofUser = editors.flatMap(({ providerUrls }) =>
      Object.hasOwn(providerUrls, provider) ? normalized(providerUrls[provider] ?? '') : [],
    );
    if (isLoopback(new URL(url).hostname)) continue;
    if (url === findProvider(provider)?.baseUrl || ofUser.includes(url)) continue;
    throw untrusted(`${providerVariable}.${provider}`, url, `headroom.providerUrls.${provider}`);
  }
  return urls;
}

/** The output's first line: servers that are not Hugging Face's or the provider's own; undefined: there are none. */
export function serversLine(servers: Servers, providerUrls: ProviderUrls): string | undefined {
  const others = [
    ...settings
      .filter(
        setting => comparable(setting, servers[setting]) !== comparable(setting, huggingFaceServers[setting]),
      )
      .map(setting => `${named[setting].name} ${servers[setting]}`),
    ...Object.entries(providerUrls)
      .filter(([provider, url]) => url !== findProvider(provider)?.baseUrl)
      .map(([provider, url]) => `${providerName(provider)} ${url}`),
  ];
  return others.length === 0 ? undefined : `Servers other than Hugging Face's: ${others.join(', ')}`;
}

/**
 * In an editor's terminal, removes variables that make other certificates valid than those that the editor accepts:
 * with a proxy, they would hand the token to who set them. Node looks at them when it first lists certificates. Returns
 * their names.
 * @throws UsageError when it is too late for that
 */
export function dropForeignCertificates(
  environment: Record<string, string | undefined>,
  editors: Editors,
): string[] {
  if (!editors) return [];
  const foreign = certificateVariables.filter(
    name =>
      environment[name] && !editors.some(({ certificates }) => certificates[name] === environment[name]),
  );
  // Node has read the system's certificates at its start, from where the variables say
  if (environment.NODE_USE_SYSTEM_CA && foreign.some(name => name.startsWith('SSL_CERT_'))) {
    throw new UsageError(
      "NODE_USE_SYSTEM_CA and SSL_CERT_FILE or SSL_CERT_DIR are set in this editor's terminal, and a workspace may have set them. Run the command as headroom, or without NODE_USE_SYSTEM_CA.",
    );
  }
  for (const name of foreign) delete environment[name];
  return foreign;
}

/** The value that all editors have; undefined: they differ, or there are none. */
function agreed<T>(editors: Editors = [], value: (editor: EditorConnections) => T): T | undefined {
  const [first, ...others] = new Set(editors.map(value));
  return others.length === 0 ? first : undefined;
}

/** `/v2` at the end of `endpointsUrl` makes no difference. */
function comparable(setting: keyof Servers, text: string): string {
  const url = normalized(text);
  return setting === 'endpointsUrl' && url ? endpointsApi({ ...huggingFaceServers, endpointsUrl: url }) : url;
}

/** Empty for what is no URL of a server. */
function normalized(text: string): string {
  const checked = checkServerUrl(text.trim());
  return 'url' in checked ? checked.url : '';
}

function untrusted(variable: string, url: string, setting: string): UsageError {
  return new UsageError(
    `${variable} is ${url}, which is not a server of your editor's user settings. Nothing was sent: a workspace can set variables of terminals. If the server is yours, set ${setting} in the user settings.`,
  );
}

function serversIn(texts: Partial<Record<keyof Servers, string>>): Servers {
  try {
    return parseServers(texts);
  } catch (error) {
    if (!(error instanceof InvalidServerUrl)) throw error;
    const { variable } = named[error.setting];
    throw new UsageError(`${error.message.replace(error.setting, variable)}.`, { cause: error });
  }
}

function providerUrlsIn(json: string | undefined): ProviderUrls {
  try {
    return parseProviderUrlsJson(json);
  } catch (error) {
    if (!(error instanceof InvalidProviderUrl)) throw error;
    throw new UsageError(`${error.message.replace('providerUrls', providerVariable)}.`, { cause: error });
  }
}
