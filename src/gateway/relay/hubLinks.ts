import { huggingFaceServers } from '../../hub/servers.ts';
import type { RewriteLinks } from './responseHead.ts';

/** A server's address, split as links are compared with it. */
interface Base {
  readonly origin: string;
  /** Empty for the root. */
  readonly path: string;
}

const huggingFace = baseOf(huggingFaceServers.hubUrl);

/**
 * Leads clients that follow `Link` or `Location` back through the gateway. Addresses of other hosts stay, and get no
 * credentials of the gateway's. `Link` is also read with Hugging Face's own address, which its mirrors repeat; a
 * redirect there is meant.
 * @param hubUrl without a trailing slash, with its base path
 * @returns a function of the Hub's address at the gateway, without a trailing slash
 */
export function hubLinks(hubUrl: string): (here: string) => RewriteLinks {
  const hub = baseOf(hubUrl);
  const address = (text: string, here: string, bases: readonly Base[]): string => {
    if (text.startsWith('/') && !text.startsWith('//')) {
      const path = withoutBase(text, hub.path);
      return path === undefined ? hub.origin + text : here.replace(/^http:\/\/[^/]*/, '') + path;
    }
    if (!URL.canParse(text)) return text;
    const url = new URL(text);
    const base = bases.find(({ origin }) => origin === url.origin);
    if (base === undefined || url.username !== '' || url.password !== '') return text;
    const slash = text.indexOf('/', text.indexOf('://') + 3);
    const path = slash < 0 ? undefined : withoutBase(text.slice(slash), base.path);
    return path === undefined ? text : here + path;
  };
  return here => (name, value) =>
    name === 'location'
      ? address(value, here, [hub])
      : value.replace(/<([^<>]*)>/g, (_, target: string) => `<${address(target, here, [hub, huggingFace])}>`);
}

function baseOf(url: string): Base {
  const { origin, pathname } = new URL(url);
  return { origin, path: pathname.replace(/\/$/, '') };
}

/** Undefined: not below the base path, so not served by the gateway. */
function withoutBase(path: string, base: string): string | undefined {
  if (base === '') return path;
  return path === base || path.startsWith(`${base}/`) || path.startsWith(`${base}?`)
    ? path.slice(base.length)
    : undefined;
}
