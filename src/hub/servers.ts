import { neededPermissions, type TokenPermissionName } from '../limits/account/tokenPermissions.ts';

/** Hugging Face's servers: URLs without a trailing slash. */
export interface Servers {
  readonly hubUrl: string;
  readonly routerUrl: string;
  /** With or without `/v2`: `endpointsApi` adds what is missing. */
  readonly endpointsUrl: string;
}

export const huggingFaceServers: Servers = {
  hubUrl: 'https://huggingface.co',
  routerUrl: 'https://router.huggingface.co',
  endpointsUrl: 'https://api.endpoints.huggingface.cloud',
};

/** A configured server that gets no token. The message never repeats the URL's credentials. */
export class InvalidServerUrl extends Error {
  override readonly name = 'InvalidServerUrl';
  readonly setting: keyof Servers;
  readonly reason: InvalidServerReason;
  constructor(setting: keyof Servers, reason: InvalidServerReason) {
    super(`${setting} ${invalidServerReasons[reason]}`);
    this.setting = setting;
    this.reason = reason;
  }
}

/** Completes a sentence that begins with the setting's name. */
export const invalidServerReasons = {
  'not-a-url': 'is not a URL',
  'not-http': 'must begin with https://',
  'has-credentials': 'must not contain a user name or password',
  'has-query': 'must not have a query or a fragment',
  'not-encrypted': 'must begin with https://, because plain http is accepted for this machine only',
} as const;

export type InvalidServerReason = keyof typeof invalidServerReasons;

/**
 * Missing and blank values mean Hugging Face's own servers.
 * @throws InvalidServerUrl
 */
export function parseServers(configured: Partial<Record<keyof Servers, string>>): Servers {
  return {
    hubUrl: parseServer('hubUrl', configured.hubUrl),
    routerUrl: parseServer('routerUrl', configured.routerUrl),
    endpointsUrl: parseServer('endpointsUrl', configured.endpointsUrl),
  };
}

/** The base of the Inference Endpoints API. */
export function endpointsApi(servers: Servers): string {
  return /\/v2$/.test(servers.endpointsUrl) ? servers.endpointsUrl : `${servers.endpointsUrl}/v2`;
}

/** The URL as Hugging Face's own servers have it: rules tell refusals of Inference Endpoints by the host. */
export function publicUrl({ endpointsUrl }: Pick<Servers, 'endpointsUrl'>, url: string): string {
  const base = endpointsUrl.replace(/\/v2$/, '');
  return url.startsWith(`${base}/`) ? huggingFaceServers.endpointsUrl + url.slice(base.length) : url;
}

/**
 * HF's page for a new fine-grained token, with the permissions that Headroom needs pre-selected.
 * @param more permissions for what the user is about to do
 */
export function newTokenUrl(
  { hubUrl }: Pick<Servers, 'hubUrl'>,
  more: readonly TokenPermissionName[] = [],
): string {
  const url = new URL(`${hubUrl}/settings/tokens/new`);
  for (const permission of [...neededPermissions.map(({ permission }) => permission), ...more]) {
    url.searchParams.append('ownUserPermissions', permission);
  }
  url.searchParams.set('tokenType', 'fineGrained');
  return url.href;
}

function parseServer(setting: keyof Servers, configured: string | undefined): string {
  const text = configured?.trim();
  if (!text) return huggingFaceServers[setting];
  const checked = checkServerUrl(text);
  if ('reason' in checked) throw new InvalidServerUrl(setting, checked.reason);
  return checked.url;
}

/** The URL without a trailing slash, or why Headroom sends no secret there. */
export function checkServerUrl(
  text: string,
): { readonly url: string } | { readonly reason: InvalidServerReason } {
  if (!URL.canParse(text)) return { reason: 'not-a-url' };
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return { reason: 'not-http' };
  if (url.username || url.password) return { reason: 'has-credentials' };
  if (url.search || url.hash) return { reason: 'has-query' };
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) return { reason: 'not-encrypted' };
  return { url: (url.origin + url.pathname).replace(/\/+$/, '') };
}

/** @param hostname of a `URL`, which has normalized IPv4 and IPv6 addresses */
export function isLoopback(hostname: string): boolean {
  return /^((.+\.)?localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
