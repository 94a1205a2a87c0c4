import type { GatewayTarget } from '../../billing/route.ts';

/** Overlong and wide forms of dots and slashes, which some servers decode to plain ones. */
const disguised = /%c0%a[ef]|%c1%9c|%e0%80%a[ef]|%ef%bc%(?:8[ef]|bc)|%e2%(?:80%a4|81%84|88%95)/i;
/** Dot segments in any spelling, backslashes and fragments: servers read them in different ways. */
const ambiguous = /(?:^|\/|%2f|%5c)(?:\.|%2e){1,2}(?:$|\/|%2f|%5c|;)|[\\#]/i;
const unprintable = /[^\x21-\x7e\x80-\xff]/;
/** At the start, or behind `/hub`, a second slash would make a host of a name with a dot. */
const hostLike = /^(?:\/hub)?\/{2,}[^/]*[.:@]/;

/** All of the gateway's paths, or the Hub at the root. */
export type Served = 'all' | 'hub';

/**
 * Target of a request line: `/v1/…`, `/router/<provider>/…` or `/hub/…`; `/messages` is `/v1/messages`. Slashes in a
 * row are one: base URLs often end in one.
 * `undefined`: not served here. `'malformed'`: it may mean different things to different servers.
 */
export function parseTarget(url: string, served: Served = 'all'): GatewayTarget | undefined | 'malformed' {
  const query = url.indexOf('?');
  const asked = query < 0 ? url : url.slice(0, query);
  if (!url.startsWith('/') || unprintable.test(url) || url.includes('#')) return 'malformed';
  if (ambiguous.test(asked) || disguised.test(asked) || hostLike.test(asked)) return 'malformed';
  const path = asked.includes('//') ? asked.replace(/\/{2,}/g, '/') : asked;
  const target = path + url.slice(asked.length);
  if (served === 'hub') return { kind: 'hub', path: target };
  if (path.startsWith('/v1/') || path === '/v1') return { kind: 'router', path: target };
  if (path.startsWith('/hub/')) return { kind: 'hub', path: target.slice('/hub'.length) };
  if (path.startsWith('/router/')) return providerTarget(target.slice('/router/'.length));
  if (path === '/hub') return { kind: 'hub', path: `/${target.slice('/hub'.length)}` };
  return isMessages(path) ? { kind: 'router', path: `/v1${target}` } : undefined;
}

/** Anthropic's messages. Its SDKs add `/v1` to the base URL; other clients expect it there. */
export function isMessages(path: string): boolean {
  return /^(?:\/v1)?\/messages(?:[/?]|$)/.test(path);
}

function providerTarget(rest: string): GatewayTarget | undefined | 'malformed' {
  const slash = rest.indexOf('/');
  if (slash < 1) return undefined;
  const provider = rest.slice(0, slash);
  if (!/^[A-Za-z0-9][\w.-]*$/.test(provider)) return 'malformed';
  return { kind: 'provider', provider, path: rest.slice(slash) };
}
