import { randomUUID } from 'node:crypto';

/** The ledger, as far as it is needed. */
interface Preferences {
  getPreference(key: string): string | undefined;
  setPreference(key: string, value: string | undefined): void;
}

/** The `X-HF-Session-id` under which Hugging Face tells the cost of a workspace's requests apart: a UUID that stays. */
export function sessionIdOf(preferences: Preferences, workspace: string | undefined): string {
  const name = `gateway.sessionId${workspace === undefined ? '' : `/${workspace}`}`;
  const known = preferences.getPreference(name);
  if (known !== undefined) return known;
  const made = randomUUID();
  preferences.setPreference(name, made);
  return made;
}
