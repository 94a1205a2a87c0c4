import type { Ledger } from './ledger.ts';

const keyOf = (workspace: string) => `folder/${workspace}`;

/** Notes the name of a workspace's folder under its id, which is a hash: for people, and on this machine only. */
export function rememberFolder(
  ledger: Pick<Ledger, 'getPreference' | 'setPreference'>,
  workspace: string,
  name: string,
): void {
  if (ledger.getPreference(keyOf(workspace)) !== name) ledger.setPreference(keyOf(workspace), name);
}

/** Undefined: no window of a version that notes it has opened the folder, or long ago. */
export function folderName(ledger: Pick<Ledger, 'getPreference'>, workspace: string): string | undefined {
  return ledger.getPreference(keyOf(workspace));
}
