import { environmentKeyring, keyVariables } from '../billing/keyring.ts';
import type { BillingProfile } from '../billing/profile.ts';
import { findProvider, providerName } from '../billing/providers.ts';

/** Why a profile can't pay for want of a key, in one sentence with what to do; undefined: it can. */
export async function missingKey(
  profile: BillingProfile,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  if (profile.kind !== 'provider-key') return undefined;
  const { provider } = profile;
  if (findProvider(provider)?.takesKeys === false) {
    return `${providerName(provider)} takes no keys of its own: it is billed as personal or org:NAME.`;
  }
  if ((await environmentKeyring(environment).get(provider)) !== undefined) return undefined;
  const [ours = '', ...own] = keyVariables(provider);
  return `there is no key of ${providerName(provider)}. Set ${[...own, ours].join(' or ')} to one; a key does not begin with hf_. Headroom reads it there and stores it nowhere.`;
}
