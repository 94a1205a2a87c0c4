import { randomBytes } from 'node:crypto';
import { gatewayKeyMark, gatewayKeyPrefix } from '../limits/refusals/gatewayKey.ts';

const form = new RegExp(`^${gatewayKeyPrefix}[\\w-]{32}$`);
const marked = new RegExp(`^${gatewayKeyPrefix}[\\w-]{12}${gatewayKeyMark}[\\w-]{12}$`);

/**
 * 144 random bits, with the mark between them: any gateway recognizes the key without its prefix, and more than half
 * of it. Starts like a token of Hugging Face: HF's SDKs take any other key for a provider's.
 */
export function newGatewayKey(): string {
  const half = () => randomBytes(9).toString('base64url');
  return gatewayKeyPrefix + half() + gatewayKeyMark + half();
}

/** The form of `newGatewayKey`, also in earlier versions. */
export function hasKeyForm(text: string): boolean {
  return form.test(text);
}

/** Keys of earlier versions have no mark, and are renewed. */
export function isMarkedKey(text: string): boolean {
  return marked.test(text);
}
