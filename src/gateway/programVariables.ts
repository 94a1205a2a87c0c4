import { type BillingProfile, billToOf } from '../billing/profile.ts';

/** SDK families whose programs go through the gateway. */
export interface Families {
  readonly openai: boolean;
  readonly anthropic: boolean;
  readonly huggingface: boolean;
}

export const allFamilies: Families = { openai: true, anthropic: true, huggingface: true };

export function anyFamily({ openai, anthropic, huggingface }: Families): boolean {
  return openai || anthropic || huggingface;
}

/** Address of a gateway, and the key that programs send it. */
export interface GatewayAddress {
  /** Without a trailing slash. */
  readonly url: string;
  /** The Hub at the root of a port of its own. Without a trailing slash. */
  readonly hub: string;
  readonly key: string;
}

/** Environment variables that point the SDKs of `families` at the gateway. */
export function programVariables(
  { openai, anthropic, huggingface }: Families,
  { url, hub, key }: GatewayAddress,
  profile: BillingProfile,
): Readonly<Record<string, string>> {
  const billTo = billToOf(profile);
  return {
    ...(openai && { OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: key }),
    ...(anthropic && { ANTHROPIC_BASE_URL: url, ANTHROPIC_AUTH_TOKEN: key }),
    ...(huggingface && { HF_ENDPOINT: hub, ...(billTo && { HF_BILL_TO: billTo }) }),
  };
}
