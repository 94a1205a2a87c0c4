import path from 'node:path';

export interface Machine {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/**
 * Absolute. Where the ledger is: `--state`, `HEADROOM_STATE`, else the
 * platform's folder for state.
 */
export function stateDirectory(option: string | undefined, machine: Machine): string {
  const asked = option || machine.environment.HEADROOM_STATE?.trim();
  return asked ? path.resolve(asked) : platformDirectory(machine);
}

function platformDirectory({ environment, platform, home }: Machine): string {
  switch (platform) {
    case 'darwin':
      return path.join(home, 'Library', 'Application Support', 'headroom');
    case 'win32':
      return path.join(environment.LOCALAPPDATA || path.join(home, 'AppData', 'Local'), 'headroom');
    default: {
      // The XDG specification: a relative path in it is invalid and to be ignored.
      const xdg = environment.XDG_STATE_HOME ?? '';
      return path.join(path.isAbsolute(xdg) ? xdg : path.join(home, '.local', 'state'), 'headroom');
    }
  }
}
