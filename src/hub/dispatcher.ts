import * as tls from 'node:tls';
import { buildConnector, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { HubError } from './hubError.ts';
import type { ProxyOptions } from './proxy.ts';
import { QuickAgent } from './quickAgent.ts';
import { sharedReads } from './sharedReads.ts';

export interface DispatcherOptions {
  readonly proxy?: ProxyOptions;
  /** VS Code's `http.proxyStrictSSL`. False: any certificate is accepted. */
  readonly strictSSL?: boolean;
}

const connectTimeoutMs = 10_000;

/** How long an idle connection is kept; a reset within that time may have hit a reused one. */
export const keepAliveMs = 30_000;

/** @throws HubError `unreachable`, with `ERR_INVALID_PROXY`, when a proxy's address is not one; it does not repeat the address. */
export function createDispatcher({ proxy = {}, strictSSL = true }: DispatcherOptions): Dispatcher {
  const shared = { keepAliveTimeout: 4_000, keepAliveMaxTimeout: keepAliveMs };
  // undici knows `*` only when nothing stands beside it
  const everywhere = proxy.noProxy?.split(/[,\s]+/).includes('*');
  if (everywhere || (!proxy.httpProxy && !proxy.httpsProxy))
    return new QuickAgent({
      ...shared,
      connect: lazyConnector(strictSSL),
      quickConnect: lazyConnector(strictSSL, sharedReads),
    });
  const secure = secureOptions(strictSSL);
  return new EnvHttpProxyAgent({
    ...shared,
    // through tunnels, too, trailers need the short way; SOCKS has no place for it
    factory: (_origin: string | URL, { connect }: { connect: buildConnector.connector }) =>
      new QuickAgent({ ...shared, connect }),
    // Empty strings, because undici would read the environment for undefined ones.
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
function lazyConnector(strictSSL: boolean, reads?: typeof sharedReads): buildConnector.connector {
  const plain = buildConnector({ timeout: connectTimeoutMs, ...reads });
  let secure: buildConnector.connector | undefined;
  return (options, callback) => {
    if (options.protocol !== 'https:') return plain(options, callback);
    secure ??= buildConnector({ ...secureOptions(strictSSL), ...reads });
    return secure(options, callback);
  };
}

function secureOptions(strictSSL: boolean): buildConnector.BuildOptions {
  if (!strictSSL) return { timeout: connectTimeoutMs, rejectUnauthorized: false };
  return { timeout: connectTimeoutMs, secureContext: trustedContext() };
}

let trusted: tls.SecureContext | undefined;

/**
 * Node's certificates, those of NODE_EXTRA_CA_CERTS (which Node counts among its own) and the operating
 * system's, which hold a company's own authority when it inspects TLS. Parsed once for all connections.
 */
function trustedContext(): tls.SecureContext {
  trusted ??= tls.createSecureContext({ ca: trustedAuthorities() });
  return trusted;
}

function trustedAuthorities(): string[] | undefined {
  // Node 22.13 and 22.14 don't have it.
  if (typeof tls.getCACertificates !== 'function') return undefined;
  try {
    return [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])];
  } catch {
    return undefined;
  }
}
