import os from 'node:os';
import path from 'node:path';
import { stateFolder } from '../account/stateFolder.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** How often a gateway looks for another payer and another token. It costs microseconds. */
export const followMs = 250;

/**
 * The ledger's folder, absolute: `--state`, `HEADROOM_STATE`, else the platform's folder for state.
 * @param option `--state`
 */
export function stateDirectory(
  option: string | undefined,
  environment: Environment,
  platform = process.platform,
  home = os.homedir(),
): string {
  const configured = option || environment.HEADROOM_STATE?.trim();
  if (configured) return path.resolve(configured);
  return stateFolder(environment, home, platform);
}

/** Id of the window in whose terminal this runs; undefined: in none, the user's default applies. */
export function workspaceOf(environment: Environment): string | undefined {
  return environment.HEADROOM_WORKSPACE?.trim() || undefined;
}
