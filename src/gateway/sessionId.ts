import { randomUUID } from 'node:crypto';
import type { Preferences } from '../billing/payerStore.ts';

/** `X-HF-Session-id` of a workspace, by which Hugging Face groups the cost of requests: a UUID kept in the ledger. */
export function sessionIdOf(preferences: Preferences, workspace: string | undefined): string {
  const name = `gateway.sessionId${workspace === undefined ? '' : `/${workspace}`}`;
  const known = preferences.getPreference(name);
  if (known !== undefined) return known;
  const made = randomUUID();
  preferences.setPreference(name, made);
  return made;
}
