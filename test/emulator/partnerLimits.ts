import type { PartnerLimits } from './state.ts';
import type { World } from './world.ts';

/** The limits of the key's account, or of HF's shared one without a key. */
export function limitsOf(world: World, provider: string, key?: string): PartnerLimits | undefined {
  const partner = world.state.providers[provider];
  return key === undefined ? partner : partner?.keys[key];
}

/** Name of a window of that account: what HF's account has used is not what a key has. */
export function windowKey(provider: string, what: 'tokens' | 'requests' | 'in flight', key?: string): string {
  return `partner|${provider}|${key === undefined ? '' : `${key}|`}${what}`;
}
