import { answeredBy } from '../limits/refusals/answeredBy.ts';
import { addressOf } from '../limits/refusals/requestAddress.ts';
import type { NamedServer } from './seenRefusal.ts';

/** Base URLs of servers in place of the usual ones. */
export interface OwnServers {
  readonly hubUrl?: string;
  readonly routerUrl?: string;
  readonly endpointsUrl?: string;
  /** Headroom's gateway, while it runs. */
  readonly gatewayUrl?: string;
  /** Its port that serves the Hub. */
  readonly gatewayHubUrl?: string;
  /** By provider. */
  readonly providerUrls?: Readonly<Record<string, string>>;
}

const hub = 'https://huggingface.co';
const router = 'https://router.huggingface.co';

/**
 * Names the servers of Hugging Face, of its partners and those in `own`. For servers that share a host the
 * longest matching path decides.
 */
export function serverNames(own: OwnServers): (url: string) => NamedServer | undefined {
  const bases: { base: string; as: string; provider?: string }[] = [];
  const add = (base: string | undefined, as: string, provider?: string) => {
    const trimmed = base?.replace(/\/+$/, '');
    if (trimmed) bases.push({ base: trimmed, as, provider });
  };
  add(own.hubUrl, hub);
  add(own.routerUrl, router);
  add(own.endpointsUrl, 'https://api.endpoints.huggingface.cloud');
  for (const [provider, base] of Object.entries(own.providerUrls ?? {})) add(base, base, provider);
  add(own.gatewayHubUrl, hub);
  if (own.gatewayUrl) {
    add(`${own.gatewayUrl}/hub`, hub);
    add(`${own.gatewayUrl}/router`, router);
    add(`${own.gatewayUrl}/v1`, `${router}/v1`);
  }
  bases.sort((one, other) => other.base.length - one.base.length);
  return url => {
    const own = bases.find(({ base }) => url.startsWith(base) && /^(?:[/?#]|$)/.test(url.slice(base.length)));
    const usual = own ? own.as + url.slice(own.base.length) : url;
    const name = own?.provider ?? answeredBy({}, addressOf(usual, ''));
    if (name === undefined) return undefined;
    // the router's own API passes on providers' refusals: only words and headers name the server that refused
    return { answeredBy: usual.startsWith(`${router}/v1`) ? undefined : name, url: usual };
  };
}
