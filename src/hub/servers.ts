/** Where Hugging Face is: URLs without a trailing slash. */
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

export type InvalidServerReason =
  | 'not-a-url'
  | 'not-http'
  | 'has-credentials'
  | 'has-query'
  | 'not-encrypted';

/** A configured server that Headroom refuses to send a token to. The message never repeats the URL's credentials. */
export class InvalidServerUrl extends Error {
  override readonly name = 'InvalidServerUrl';
  readonly setting: keyof Servers;
  readonly reason: InvalidServerReason;
  constructor(setting: keyof Servers, reason: InvalidServerReason) {
    super(`${setting} ${reasons[reason]}`);
    this.setting = setting;
    this.reason = reason;
  }
}

const reasons: Record<InvalidServerReason, string> = {
  'not-a-url': 'is not a URL',
  'not-http': 'must begin with https://',
  'has-credentials': 'must not contain a user name or password',
  'has-query': 'must not have a query or a fragment',
  'not-encrypted': 'must begin with https://, because plain http is accepted for this machine only',
};

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

function parseServer(setting: keyof Servers, configured: string | undefined): string {
  const text = configured?.trim();
  if (!text) return huggingFaceServers[setting];
  if (!URL.canParse(text)) throw new InvalidServerUrl(setting, 'not-a-url');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new InvalidServerUrl(setting, 'not-http');
  if (url.username || url.password) throw new InvalidServerUrl(setting, 'has-credentials');
  if (url.search || url.hash) throw new InvalidServerUrl(setting, 'has-query');
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new InvalidServerUrl(setting, 'not-encrypted');
  }
  return (url.origin + url.pathname).replace(/\/+$/, '');
}

/** `URL` has already brought IPv4 and IPv6 addresses into their one written form. */
function isLoopback(hostname: string): boolean {
  return /^((.+\.)?localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
