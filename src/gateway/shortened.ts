import { mostNameChars } from '../limits/bounds.ts';
import { memo } from '../limits/headers/memo.ts';
import { redactKeys } from '../limits/refusals/redact.ts';

/** A caller's name of a model, a provider or a path as it is written down: bounded, without keys. */
export function shortened(name: string): string {
  return name.length <= mostNameChars ? withoutKeys(name) : bounded(name.slice(0, 2 * mostNameChars));
}

const withoutKeys = memo(bounded);

function bounded(name: string): string {
  return redactKeys(name, '…').slice(0, mostNameChars).toWellFormed();
}
