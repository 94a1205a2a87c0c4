import { randomBytes } from 'node:crypto';
import { gatewayKeyPrefix } from '../limits/refusals/gatewayKey.ts';

/** 192 random bits. Starts like a token of Hugging Face: HF's SDKs take any other key for a provider's. */
export function newGatewayKey(): string {
  return `${gatewayKeyPrefix}${randomBytes(24).toString('base64url')}`;
}
