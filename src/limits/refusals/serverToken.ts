import { longestBucketName, longestProviderName } from '../bounds.ts';
import { redactKeys } from './redact.ts';

/** A provider's id as a server names itself: lower-case words; undefined: it is none. */
export function providerId(name: string): string | undefined {
  return name.length <= longestProviderName && /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/i.test(name) && isPlain(name)
    ? name
    : undefined;
}

/** Whether a server may call a window so: words, no key. */
export function isBucketName(name: string): boolean {
  return name.length <= longestBucketName && /^\w[\w .:/-]*$/.test(name) && isPlain(name);
}

function isPlain(name: string): boolean {
  return redactKeys(name, '') === name;
}
