/** Proxies by the protocol of the request's URL. A missing one: that protocol goes direct. */
export interface ProxyOptions {
  readonly httpProxy?: string;
  /** Missing: https goes through `httpProxy` too. */
  readonly httpsProxy?: string;
  /** Comma-separated hosts, as in `NO_PROXY`. Loopback is never sent through a proxy. */
  readonly noProxy?: string;
  /** The value of `Proxy-Authorization`, in place of the credentials in the proxy's URL. A secret. */
  readonly authorization?: string;
}

/** The variables that curl and most programs read. Lower case wins, as in curl. */
export function proxyFromEnvironment(env: Readonly<Record<string, string | undefined>>): ProxyOptions {
  return {
    // Upper-case HTTP_PROXY counts as in undici, unlike in curl: no CGI runs here.
    httpProxy: env.http_proxy ?? env.HTTP_PROXY,
    httpsProxy: env.https_proxy ?? env.HTTPS_PROXY,
    noProxy: env.no_proxy ?? env.NO_PROXY,
  };
}

/** VS Code's proxy settings; a blank one is not set. */
export interface ProxySettings {
  readonly proxy?: string;
  readonly noProxy?: readonly string[];
  /** VS Code's `http.proxyAuthorization`: sent to any proxy. */
  readonly authorization?: string;
  /** VS Code's `http.proxySupport`; `off`: no proxy, not even the environment's. */
  readonly support?: string;
}

/** The proxy of the settings, else of the environment. */
export function chosenProxy(
  { proxy, noProxy = [], authorization, support }: ProxySettings,
  env: Readonly<Record<string, string | undefined>>,
): ProxyOptions {
  if (support === 'off') return {};
  return {
    ...proxyFromEnvironment(env),
    ...(proxy && { httpProxy: proxy, httpsProxy: proxy }),
    ...(noProxy.length > 0 && { noProxy: noProxy.join(',') }),
    ...(authorization && { authorization }),
  };
}
