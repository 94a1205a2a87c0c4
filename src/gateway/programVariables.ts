import { type BillingProfile, billToOf } from '../billing/profile.ts';

/** Whose SDKs a program is to send through the gateway. */
export interface Families {
  readonly openai: boolean;
  readonly anthropic: boolean;
  readonly huggingface: boolean;
}

export const allFamilies: Families = { openai: true, anthropic: true, huggingface: true };

/** Where the gateway is, and the key that programs show it. */
export interface Door {
  /** Without a trailing slash. */
  readonly url: string;
  readonly key: string;
}

/** The variables by which the SDKs find the gateway, by name. */
export function programVariables(
  { openai, anthropic, huggingface }: Families,
  { url, key }: Door,
  profile: BillingProfile,
): Readonly<Record<string, string>> {
  const billTo = billToOf(profile);
  return {
    ...(openai && { OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: key }),
    ...(anthropic && { ANTHROPIC_BASE_URL: url, ANTHROPIC_AUTH_TOKEN: key }),
    ...(huggingface && { HF_ENDPOINT: `${url}/hub`, ...(billTo && { HF_BILL_TO: billTo }) }),
  };
}
