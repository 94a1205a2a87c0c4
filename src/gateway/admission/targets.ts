import type { GatewayTarget } from '../../billing/route.ts';

/** Overlong and wide forms of dots and slashes, which some servers decode to plain ones. */
const disguised = /%c0%a[ef]|%c1%9c|%e0%80%a[ef]|%ef%bc%(?:8[ef]|bc)|%e2%(?:80%a4|81%84|88%95)/i;
/** Dot segments in any spelling, backslashes and fragments: servers read them in different ways. */
const ambiguous = /(?:^|\/|%2f|%5c)(?:\.|%2e){1,2}(?:$|\/|%2f|%5c|;)|[\\#]/i;
const unprintable = /[^\x21-\x7e\x80-\xff]/;

/**
 * Target of a request line: `/v1/…`, `/router/<provider>/…` or `/hub/…`; `/messages` is `/v1/messages`.
 * `undefined`: not served here. `'malformed'`: it may mean different things to different servers.
 */
export function parseTarget(url: string): GatewayTarget | undefined | 'malformed' {
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  if (!url.startsWith('/') || unprintable.test(url) || url.includes('#')) return 'malformed';
  if (ambiguous.test(path) || disguised.test(path)) return 'malformed';
  if (path.startsWith('/v1/') || path === '/v1') return { kind: 'router', path: url };
  if (path.startsWith('/hub/')) return hubTarget(url.slice('/hub'.length));
  if (path.startsWith('/router/')) return providerTarget(url.slice('/router/'.length));
  if (path === '/hub') return { kind: 'hub', path: `/${url.slice('/hub'.length)}` };
  return isMessages(path) ? { kind: 'router', path: `/v1${url}` } : undefined;
}

/** Anthropic's messages. Its SDKs add `/v1` to the base URL; other clients expect it there. */
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
