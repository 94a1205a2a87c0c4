import { type FoundToken, findHfTokens, gatewayKeysFound } from '../account/hfTokens.ts';
import { environmentKeyring, keyVariables } from '../billing/keyring.ts';
import type { BillingProfile } from '../billing/profile.ts';
import { findProvider, providerName } from '../billing/providers.ts';
import type { Environment } from './configuration.ts';

/** The token of HF's own tools. These ignore `stored_tokens`, which lists tokens to switch to. */
export function usedToken(environment: Environment): FoundToken | undefined {
  return findHfTokens(environment).find(({ source }) => source.kind !== 'stored-token');
}

/** Where a key of the gateway stands in place of a token, in one sentence; undefined: nowhere. */
export function mistakenToken(environment: Environment): string | undefined {
  const [place] = gatewayKeysFound(environment).flatMap(source =>
    source.kind === 'environment' ? [source.variable] : source.kind === 'token-file' ? [source.path] : [],
  );
  if (place === undefined) return undefined;
  return `${place} holds a key of Headroom's gateway, which is no token of Hugging Face and is not sent there. Put a token in its place, made at https://huggingface.co/settings/tokens.`;
}

/** Why a profile has no key to pay with, and what to do; undefined: it has one, or needs none. */
export async function missingKey(
  profile: BillingProfile,
  environment: Environment,
): Promise<string | undefined> {
  if (profile.kind !== 'provider-key') return undefined;
  const { provider } = profile;
  const name = providerName(provider);
  if (findProvider(provider)?.takesKeys === false) {
    return `${name} takes no provider keys: bill personal or org:NAME instead.`;
  }
  if ((await environmentKeyring(environment).get(provider)) !== undefined) return undefined;
  const [ours = '', ...own] = keyVariables(provider);
  return `there is no key of ${name}. Set ${[...own, ours].join(' or ')} to one; keys do not begin with hf_. Headroom reads it there and never stores it.`;
}
