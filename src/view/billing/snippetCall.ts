import { type BillingProfile, billToOf } from '../../billing/profile.ts';
import { findProvider, providerName } from '../../billing/providers.ts';
import { oneLine } from '../text/plainText.ts';
import type { SnippetModel } from './snippetModel.ts';

export interface CallOptions {
  readonly profile: BillingProfile;
  /** `gateway`: a terminal with Headroom has its address and key in its environment. */
  readonly through: 'gateway' | 'direct';
  readonly model: SnippetModel;
  /** Without a trailing slash. */
  readonly routerUrl: string;
  /** Base URL by provider, where the user set one. */
  readonly providerUrls: Readonly<Record<string, string>>;
}

/** A snippet's request, in any language. */
export interface Call {
  /** OpenAI-compatible; undefined: the SDK reads it from the environment. */
  readonly baseUrl?: string;
  /** The environment variable that holds the secret. */
  readonly keyVariable: string;
  readonly billTo?: string;
  /** Called with its own key. */
  readonly provider?: string;
  /** For Hugging Face's clients, which look up the provider's own name. */
  readonly model: NamedModel;
  /** For clients that send the name unchanged. */
  readonly sentModel: NamedModel;
  /** A sentence for the reader. */
  readonly note: string;
}

export interface NamedModel {
  readonly name: string;
  /** A sentence for the reader. */
  readonly note?: string;
}

/** Stands for a model that is not known. */
const unknown = 'MODEL';

export function callOf({ profile, through, model, routerUrl, providerUrls }: CallOptions): Call {
  const listed = listedModel(profile, model);
  if (through === 'gateway') {
    return {
      keyVariable: 'OPENAI_API_KEY',
      model: listed,
      sentModel: listed,
      note: 'Through Headroom, in a terminal of its own ("New Terminal with Headroom"): billed as it says there.',
    };
  }
  if (profile.kind === 'provider-key') {
    const { provider } = profile;
    const entry = findProvider(provider);
    const base = (providerUrls[provider] ?? entry?.baseUrl ?? '') + (entry?.chatPath ?? '');
    return {
      baseUrl: base.replace(/\/chat\/completions$/, ''),
      keyVariable: entry?.keyVariables[0] ?? `HEADROOM_KEY_${provider.toUpperCase().replace(/\W/g, '_')}`,
      provider,
      model: listed,
      sentModel: ownModel(provider, model),
      note: `Billed by ${nameOf(provider)} to the owner of the key.`,
    };
  }
  const billTo = billToOf(profile);
  return {
    baseUrl: `${routerUrl}/v1`,
    keyVariable: 'HF_TOKEN',
    ...(billTo !== undefined && { billTo }),
    model: listed,
    sentModel: listed,
    note: `Billed by Hugging Face to ${billTo ?? 'the owner of the token'}.`,
  };
}

function listedModel(profile: BillingProfile, { id }: SnippetModel): NamedModel {
  if (id !== undefined) return { name: id };
  const who = profile.kind === 'provider-key' ? nameOf(profile.provider) : 'Hugging Face';
  return { name: unknown, note: `Which models ${who} serves could not be found out: put one in.` };
}

function ownModel(provider: string, { id, ownName }: SnippetModel): NamedModel {
  const name = nameOf(provider);
  const renamed = ownName === id ? undefined : `${id}, by the name that ${name} itself gives it.`;
  if (ownName !== undefined) return { name: ownName, note: renamed };
  const missing =
    id === undefined
      ? `Which models ${name} serves could not be found out: put one in, by the name that ${name} itself gives it.`
      : `What ${name} itself calls ${id} could not be found out: put that in.`;
  return { name: unknown, note: missing };
}

function nameOf(provider: string): string {
  return oneLine(providerName(provider), 40);
}
