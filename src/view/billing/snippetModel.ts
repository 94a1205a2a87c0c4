import type { BillingProfile } from '../../billing/profile.ts';
import { findProvider } from '../../billing/providers.ts';
import type { RouterModel } from '../../hub/router.ts';
import { cheapestOffer } from './verifyBillingModel.ts';

/** A chat model that the payer's provider serves. Undefined names are not known. */
export interface SnippetModel {
  /** Hugging Face's id, or the provider's own name where Hugging Face lists none of its models. */
  readonly id?: string;
  /** The key provider's own name of it. */
  readonly ownName?: string;
}

/** Hugging Face's model lists. */
export interface ModelLookup {
  /** @throws HubError */
  routerModels(signal: AbortSignal): Promise<readonly RouterModel[]>;
  /** @throws HubError */
  ownModelName(provider: string, model: string, signal: AbortSignal): Promise<string | undefined>;
}

/** Several providers serve it. */
const defaultModel = 'meta-llama/Llama-3.1-8B-Instruct';

/** Names become code, also for a shell: those with other characters are left out. */
const safeName = /^[\w@][\w@./:+-]{0,199}$/;

/** The default model, or another one that the key's provider serves. Rejects only when `signal` is aborted. */
export async function snippetModel(
  profile: BillingProfile,
  lookup: ModelLookup,
  signal: AbortSignal,
): Promise<SnippetModel> {
  if (profile.kind !== 'provider-key') return { id: defaultModel };
  const { provider } = profile;
  const unlisted = findProvider(provider)?.chatModel;
  if (unlisted !== undefined) return { id: unlisted, ownName: unlisted };
  const models = await orNothing(lookup.routerModels(signal), signal);
  const id = models && servedBy(provider, models);
  if (id === undefined) return {};
  const ownName = await orNothing(lookup.ownModelName(provider, id, signal), signal);
  return ownName !== undefined && safeName.test(ownName) ? { id, ownName } : { id };
}

function servedBy(provider: string, models: readonly RouterModel[]): string | undefined {
  const named = models.filter(({ id }) => safeName.test(id));
  const serves = named.some(
    ({ id, offers }) =>
      id === defaultModel && offers.some(offer => offer.provider === provider && offer.status === 'live'),
  );
  return serves ? defaultModel : cheapestOffer(named, { kind: 'provider-key', provider })?.model;
}

async function orNothing<T>(asked: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}
