import { randomBytes } from 'node:crypto';
import { gatewayKeyPrefix } from '../limits/refusals/gatewayKey.ts';

const form = new RegExp(`^${gatewayKeyPrefix}[\\w-]{32}$`);

/** 192 random bits. Starts like a token of Hugging Face: HF's SDKs take any other key for a provider's. */
export function newGatewayKey(): string {
  return `${gatewayKeyPrefix}${randomBytes(24).toString('base64url')}`;
}

/** The exact form of `newGatewayKey`. */
export function hasKeyForm(text: string): boolean {
  return form.test(text);
}
