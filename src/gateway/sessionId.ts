import { randomUUID } from 'node:crypto';
import type { Preferences } from '../billing/payerStore.ts';

/** `X-HF-Session-id` of a workspace: a UUID in the ledger, by which Hugging Face groups costs. */
export function sessionIdOf(preferences: Preferences, workspace: string | undefined): string {
  const name = `gateway.sessionId${workspace === undefined ? '' : `/${workspace}`}`;
  const known = preferences.getPreference(name);
  if (known !== undefined) return known;
  const made = randomUUID();
  preferences.setPreference(name, made);
  return made;
}
