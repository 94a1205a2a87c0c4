import path from 'node:path';

export interface Machine {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/** The ledger's folder, absolute: `--state`, `HEADROOM_STATE`, else the platform's folder for state. */
export function stateDirectory(option: string | undefined, machine: Machine): string {
  const configured = option || machine.environment.HEADROOM_STATE?.trim();
  return configured ? path.resolve(configured) : platformDirectory(machine);
}

function platformDirectory({ environment, platform, home }: Machine): string {
  switch (platform) {
    case 'darwin':
      return path.join(home, 'Library', 'Application Support', 'headroom');
    case 'win32':
      return path.join(environment.LOCALAPPDATA || path.join(home, 'AppData', 'Local'), 'headroom');
    default: {
      // XDG Base Directory Specification: relative paths are invalid and have to be ignored
      const xdg = environment.XDG_STATE_HOME ?? '';
      return path.join(path.isAbsolute(xdg) ? xdg : path.join(home, '.local', 'state'), 'headroom');
    }
  }
}
