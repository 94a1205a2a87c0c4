import type { RewriteLinks } from './responseHead.ts';

/**
 * Leads a client that follows `Link` or `Location` back through the gateway: addresses of the Hub's own become
 * `<gateway>/hub/…`. Other hosts' stay: the client goes there by itself, without the gateway's credentials.
 * @param hubUrl without a trailing slash, with its base path if it has one.
 */
export function hubLinks(hubUrl: string, gatewayUrl: string): RewriteLinks {
  const hub = new URL(hubUrl);
  const base = hub.pathname.replace(/\/$/, '');
  const here = `${gatewayUrl}/hub`;
  const address = (text: string): string => {
    if (text.startsWith('/') && !text.startsWith('//')) {
      const path = withoutBase(text, base);
      return path === undefined ? hub.origin + text : `/hub${path}`;
    }
    if (!URL.canParse(text)) return text;
    const url = new URL(text);
    if (url.origin !== hub.origin || url.username !== '' || url.password !== '') return text;
    const path = withoutBase(text.slice(text.indexOf('/', text.indexOf('://') + 3)), base);
    return path === undefined || !text.includes('/', text.indexOf('://') + 3) ? text : here + path;
  };
  return (name, value) =>
    name === 'location'
      ? address(value)
      : value.replace(/<([^<>]*)>/g, (_, target: string) => `<${address(target)}>`);
}

/** Undefined: not below the base path, hence not what the gateway serves. */
function withoutBase(path: string, base: string): string | undefined {
  if (base === '') return path;
  return path === base || path.startsWith(`${base}/`) || path.startsWith(`${base}?`)
    ? path.slice(base.length)
    : undefined;
}
