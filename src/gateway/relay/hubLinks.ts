import type { RewriteLinks } from './responseHead.ts';

/**
 * Leads clients that follow `Link` or `Location` back through the gateway: the Hub's addresses become
 * `<gateway>/hub/…`. Those of other hosts stay, and get no credentials of the gateway's.
 * @param hubUrl without a trailing slash, with its base path
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

/** Undefined: not below the base path, so not served by the gateway. */
function withoutBase(path: string, base: string): string | undefined {
  if (base === '') return path;
  return path === base || path.startsWith(`${base}/`) || path.startsWith(`${base}?`)
    ? path.slice(base.length)
    : undefined;
}
