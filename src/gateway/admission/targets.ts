import type { GatewayTarget } from '../../billing/route.ts';

/**
 * Dot segments in any spelling, backslashes and fragments, which servers read in different ways; and bytes that no
 * request line has.
 */
const ambiguous = /(?:^|\/|%2f|%5c)(?:\.|%2e){1,2}(?:$|\/|%2f|%5c|;)|[\\#]/i;
const unprintable = /[^\x21-\x7e\x80-\xff]/;

/**
 * What a request line's target asks for: `/v1/…`, `/router/<provider>/…` or `/hub/…`, and `/messages` as with `/v1`.
 * `undefined`: nothing that is served here. `'malformed'`: it could mean different things to different servers.
 */
export function parseTarget(url: string): GatewayTarget | undefined | 'malformed' {
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  if (!url.startsWith('/') || unprintable.test(url) || ambiguous.test(path)) return 'malformed';
  if (path.startsWith('/v1/') || path === '/v1') return { kind: 'router', path: url };
  if (path.startsWith('/hub/')) return hubTarget(url.slice('/hub'.length));
  if (path.startsWith('/router/')) return providerTarget(url.slice('/router/'.length));
  if (path === '/hub') return { kind: 'hub', path: `/${url.slice('/hub'.length)}` };
  return isMessages(path) ? { kind: 'router', path: `/v1${url}` } : undefined;
}

/**
 * Anthropic's messages, and what is beneath. Its own SDKs add `/v1` to the base URL; others take the same one for a URL
 * that ends in it.
 */
export function isMessages(path: string): boolean {
  return /^(?:\/v1)?\/messages(?:[/?]|$)/.test(path);
}

/** A second slash would make a host of what follows it. */
function hubTarget(path: string): GatewayTarget | 'malformed' {
  return path.startsWith('//') ? 'malformed' : { kind: 'hub', path };
}

function providerTarget(rest: string): GatewayTarget | undefined | 'malformed' {
  const slash = rest.indexOf('/');
  if (slash < 1) return undefined;
  const provider = rest.slice(0, slash);
  if (!/^[A-Za-z0-9][\w.-]*$/.test(provider)) return 'malformed';
  return { kind: 'provider', provider, path: rest.slice(slash) };
}
