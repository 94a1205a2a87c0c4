import * as tls from 'node:tls';
import { Agent, buildConnector, Dispatcher, EnvHttpProxyAgent } from 'undici';
import { mostUpstreamConnections } from '../limits/bounds.ts';
import { boundedPool } from './boundedClient.ts';
import { upstreamShare } from './descriptorLimit.ts';
import { HubError } from './hubError.ts';
import type { ProxyOptions } from './proxy.ts';
import { isLoopback } from './servers.ts';

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
  const shared = {
    connections: Math.min(mostUpstreamConnections, upstreamShare ?? mostUpstreamConnections),
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: keepAliveMs,
    allowH2: false,
    factory: boundedPool,
  };
  // undici knows `*` only when it stands alone
  const everywhere = proxy.noProxy?.split(/[,\s]+/).includes('*');
  if (everywhere || (!proxy.httpProxy && !proxy.httpsProxy)) {
    return new Agent({ ...shared, connect: lazyConnector(strictSSL) });
  }
  const secure = secureOptions(strictSSL);
  const direct = new Agent({ ...shared, connect: lazyConnector(strictSSL) });
  const proxied = new EnvHttpProxyAgent({
    ...shared,
    // undici would read the environment for undefined ones
    httpProxy: proxyUrl(proxy.httpProxy),
    httpsProxy: proxyUrl(proxy.httpsProxy),
    noProxy: proxy.noProxy ?? '',
    ...(proxy.authorization !== undefined && { token: proxy.authorization }),
    connect: lazyConnector(strictSSL),
    requestTls: secure,
    proxyTls: secure,
  });
  return new LoopbackDirect(direct, proxied);
}

/** This machine's servers may have no TLS, so a proxy would read the tokens. `noProxy` can't name 127.0.0.0/8. */
class LoopbackDirect extends Dispatcher {
  readonly #direct: Dispatcher;
  readonly #proxied: Dispatcher;

  constructor(direct: Dispatcher, proxied: Dispatcher) {
    super();
    this.#direct = direct;
    this.#proxied = proxied;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const { hostname } = new URL(String(options.origin));
    return (isLoopback(hostname) ? this.#direct : this.#proxied).dispatch(options, handler);
  }

  override async close(): Promise<void> {
    await Promise.all([this.#direct.close(), this.#proxied.close()]);
  }

  override async destroy(): Promise<void> {
    await Promise.all([this.#direct.destroy(), this.#proxied.destroy()]);
  }
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
    if (options.protocol !== 'https:') return plain(onThisMachine(options), callback);
    secure ??= buildConnector(secureOptions(strictSSL));
    return secure(options, callback);
  };
}

/** `a.localhost` is this machine by RFC 6761, but some resolvers ask the network, which could name another. */
function onThisMachine(options: buildConnector.Options): buildConnector.Options {
  return options.hostname.endsWith('.localhost') ? { ...options, hostname: 'localhost' } : options;
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
