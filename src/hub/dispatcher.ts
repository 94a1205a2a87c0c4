import * as tls from 'node:tls';
import { Agent, buildConnector, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { HubError } from './hubError.ts';
import type { ProxyOptions } from './proxy.ts';

export interface DispatcherOptions {
  readonly proxy?: ProxyOptions;
  /** VS Code's `http.proxyStrictSSL`. False: any certificate is accepted. */
  readonly strictSSL?: boolean;
}

const connectTimeoutMs = 10_000;

/** How long an idle connection is kept; a reset within that time may have hit a reused one. */
export const keepAliveMs = 30_000;

/**
 * undici with the user's proxy and the system's certificates.
 * @throws HubError `unreachable`, with `ERR_INVALID_PROXY`, for a proxy that is no URL; it does not repeat the address
 */
export function createDispatcher({ proxy = {}, strictSSL = true }: DispatcherOptions): Dispatcher {
  const shared = { keepAliveTimeout: 4_000, keepAliveMaxTimeout: keepAliveMs, allowH2: false };
  // undici knows `*` only when it stands alone
  const everywhere = proxy.noProxy?.split(/[,\s]+/).includes('*');
  if (everywhere || (!proxy.httpProxy && !proxy.httpsProxy)) {
    return new Agent({ ...shared, connect: lazyConnector(strictSSL) });
  }
  const secure = secureOptions(strictSSL);
  return new EnvHttpProxyAgent({
    ...shared,
    // undici would read the environment for undefined ones
    httpProxy: proxyUrl(proxy.httpProxy),
    httpsProxy: proxyUrl(proxy.httpsProxy),
    noProxy: [proxy.noProxy, 'localhost', '127.0.0.1', '[::1]'].filter(Boolean).join(','),
    ...(proxy.authorization !== undefined && { token: proxy.authorization }),
    connect: lazyConnector(strictSSL),
    requestTls: secure,
    proxyTls: secure,
  });
}

/** `proxy.example:8080` is accepted as curl does. */
function proxyUrl(address = ''): string {
  if (!address) return '';
  const url = address.includes('://') ? address : `http://${address}`;
  if (URL.canParse(url) && /^(https?|socks5?):$/.test(new URL(url).protocol)) return url;
  const error = new HubError('unreachable', "The proxy's address is not a URL");
  throw Object.assign(error, { code: 'ERR_INVALID_PROXY' });
}

/** Reading the system's certificates takes about 100 ms: it waits for the first https connection. */
function lazyConnector(strictSSL: boolean): buildConnector.connector {
  const plain = buildConnector({ timeout: connectTimeoutMs, allowH2: false });
  let secure: buildConnector.connector | undefined;
  return (options, callback) => {
    if (options.protocol !== 'https:') return plain(options, callback);
    secure ??= buildConnector(secureOptions(strictSSL));
    return secure(options, callback);
  };
}

function secureOptions(strictSSL: boolean): buildConnector.BuildOptions {
  const common = { timeout: connectTimeoutMs, allowH2: false };
  return strictSSL
    ? { ...common, secureContext: trustedContext() }
    : { ...common, rejectUnauthorized: false };
}

let trusted: tls.SecureContext | undefined;

/**
 * Node's certificates, those of NODE_EXTRA_CA_CERTS (which Node counts among its own), and the operating system's,
 * among which is a company's own authority when it inspects TLS. Parsed once for all connections.
 */
function trustedContext(): tls.SecureContext {
  trusted ??= tls.createSecureContext({ ca: trustedAuthorities() });
  return trusted;
}

function trustedAuthorities(): string[] | undefined {
  try {
    return [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])];
  } catch {
    return undefined;
  }
}
