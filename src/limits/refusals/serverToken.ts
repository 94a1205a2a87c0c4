import { longestBucketName, longestProviderName } from '../bounds.ts';
import { memo } from '../headers/memo.ts';
import { redactKeys } from './redact.ts';

/** A provider's id as a server names itself: words, no key; undefined: it is none. */
export function providerId(name: string): string | undefined {
  return name.length <= longestProviderName && isProvider(name) ? name : undefined;
}

/** Whether a server may call a window so: words, no key. */
export function isBucketName(name: string): boolean {
  return name.length <= longestBucketName && isBucket(name);
}

const isProvider = memo((name: string) => /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/i.test(name) && isPlain(name));
const isBucket = memo(
  (name: string) => /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_ .:/-]*$/u.test(name) && isPlain(name),
);

function isPlain(name: string): boolean {
  return redactKeys(name, '') === name;
}
