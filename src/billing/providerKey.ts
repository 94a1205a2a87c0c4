import { isGatewayKey } from '../limits/refusals/gatewayKey.ts';

export type InvalidKeyReason = 'empty' | 'hugging-face-token' | 'malformed';

/** The message never repeats the key. */
export class InvalidProviderKey extends Error {
  override readonly name = 'InvalidProviderKey';
  readonly reason: InvalidKeyReason;
  constructor(reason: InvalidKeyReason) {
    super(reasons[reason]);
    this.reason = reason;
  }
}

const reasons: Readonly<Record<InvalidKeyReason, string>> = {
  empty: 'The key is empty',
  'hugging-face-token':
    'It begins with hf_: this is a token of Hugging Face, which must not be sent to a provider',
  malformed: 'The key contains characters that no key has',
};

/**
 * Trims a key. Refuses `hf_…`: Hugging Face's tokens, and the gateway's key, which is in `OPENAI_API_KEY` wherever
 * programs are set up for the gateway.
 * @throws InvalidProviderKey
 */
export function parseProviderKey(text: string): string {
  const key = text.trim();
  if (key === '') throw new InvalidProviderKey('empty');
  if (/^hf_/i.test(key) || isGatewayKey(key)) throw new InvalidProviderKey('hugging-face-token');
  if (!/^[\x21-\x7e]+$/.test(key)) throw new InvalidProviderKey('malformed');
  return key;
}

export function isProviderKey(text: string | undefined): text is string {
  return text !== undefined && /^(?!hf_)[\x21-\x7e]+$/i.test(text) && !isGatewayKey(text);
}
